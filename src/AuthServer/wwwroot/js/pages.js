// Starts NHS.UK frontend. Every page works without it.
// Its address carries a fingerprint, which the page knows and this file does not.
const { initAll } = await import(document.getElementById('nhsuk').href)

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()
