// Says so while caps lock is on and a password is being typed.
for (const notice of document.querySelectorAll('[data-caps-lock]')) {
  const field = document.getElementById(notice.dataset.capsLock)
  const say = (text) => {
    if (notice.textContent !== text) {
      notice.textContent = text // a change is read out (role="status"), so nothing is said twice
    }
  }
  const look = (event) => say(event.getModifierState?.('CapsLock') ? 'Caps lock is on' : '')

  for (const kind of ['keydown', 'keyup', 'mousedown']) {
    field.addEventListener(kind, look)
  }
  field.addEventListener('blur', () => say(''))
}
