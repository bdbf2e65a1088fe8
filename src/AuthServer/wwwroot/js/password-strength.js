// Says how strong a new password is while it is typed. The server looks at it and keeps nothing; without this file it is looked
// at when the form is sent.
const pause = 300 // milliseconds without a key

for (const meter of document.querySelectorAll('[data-strength]')) {
  const field = document.getElementById(meter.dataset.strength)
  const bar = meter.querySelector('.strength__bar')
  const words = meter.querySelector('[role=status]')
  let waiting, asking

  const show = (score, message) => {
    if (score === null) {
      delete bar.dataset.score
    } else {
      bar.dataset.score = score
    }
    if (words.textContent !== message) {
      words.textContent = message // a change is read out, so nothing is said twice
    }
  }

  const ask = async () => {
    asking?.abort()
    asking = new AbortController()
    try {
      const answer = await fetch(meter.dataset.strengthAddress, {
        method: 'POST',
        body: new URLSearchParams(new FormData(field.form)),
        signal: asking.signal
      })
      if (answer.ok) {
        const { score, message } = await answer.json()
        show(score, message)
      } else if (answer.status !== 429) {
        show(null, '')
      }
    } catch {
      // Overtaken by the next key, or no network: what was said last stays.
    }
  }

  field.addEventListener('input', () => {
    clearTimeout(waiting)
    if (field.value === '') {
      asking?.abort()
      show(null, '')
    } else {
      waiting = setTimeout(ask, pause)
    }
  })
}
