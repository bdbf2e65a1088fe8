// Copies what the pages need of NHS.UK frontend from node_modules to wwwroot/nhsuk. The build runs it after `npm ci`.
//
// Its stylesheet asks another host for the Frutiger font. The log-in page makes no request to anybody else, so the
// font rules are left out and the font stack's next choice, Arial, is used. Any other address outside this server,
// in a later version say, stops the build.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'

const from = new URL('node_modules/nhsuk-frontend/dist/nhsuk/', import.meta.url)
const to = new URL('wwwroot/nhsuk/', import.meta.url)
const sourceMap = /\s*(\/\*# sourceMappingURL=.*?\*\/|\/\/# sourceMappingURL=.*)\s*$/

await rm(to, { recursive: true, force: true })
await mkdir(to, { recursive: true })

const styles = (await read('nhsuk-frontend.min.css'))
  .replace(sourceMap, '')
  .replaceAll(/@font-face\{[^}]*\}/g, '')
  .replaceAll('url(/assets/', 'url(assets/')
refuse(styles, /url\(\s*["']?(?!assets\/|data:|#)[^)]*\)|@import[^;]*;/, 'nhsuk-frontend.min.css')
await writeFile(new URL('nhsuk.css', to), styles)

const script = (await read('nhsuk-frontend.min.js')).replace(sourceMap, '')
await writeFile(new URL('nhsuk.js', to), script)

await cp(new URL('assets/images/', from), new URL('assets/images/', to), { recursive: true })

// The logo stands inside the page, as NHS.UK's own header has it, so that it takes the header's colour and prints.
const header = await read('components/header/template.njk')
const logo = /<path fill="currentcolor" d="[^"]+"\s*\/>/.exec(header)
if (!logo) {
  throw new Error('The header of nhsuk-frontend no longer holds the logo where copy-nhsuk.mjs looks for it.')
}
await writeFile(new URL('logo.svg', to), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80">${logo[0]}</svg>\n`)

function read(path) {
  return readFile(new URL(path, from), 'utf8')
}

function refuse(text, pattern, name) {
  const found = pattern.exec(text)
  if (found) {
    throw new Error(`${name} asks for something outside this server: ${found[0]}`)
  }
}
