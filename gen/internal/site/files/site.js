// What a page does: the filter of the matrix, the comparison of two releases, and the
// keyboard. Whatever it shows stands in the page or in diff-data.js already.
(function () {
  'use strict'
  const root = document.body.dataset.root
  const $ = (id) => document.getElementById(id)

  // state is what the address says behind the #, so that it can be shared.
  function state() {
    const text = location.hash.slice(1)
    return /^[a-z]+=/.test(text) ? new URLSearchParams(text.replace(/\+/g, '%2B')) : new URLSearchParams()
  }
  function setState(pairs) {
    const text = pairs.filter((p) => p[1]).map((p) => p[0] + '=' + encodeURIComponent(p[1]).replace(/%3A/g, ':').replace(/%20/g, '%20')).join('&')
    history.replaceState(null, '', text ? '#' + text : location.pathname + location.search)
  }

  // The matrix.
  const filter = $('filter')
  if (filter) {
    const bodies = [...document.querySelectorAll('#matrix tbody')].map((body) => ({
      body, rows: [...body.rows].map((row) => ({ row, words: row.dataset.words, group: row.classList.contains('group') }))
    }))
    const count = $('count'), all = count.textContent
    const show = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
      let shown = 0
      for (const { body, rows } of bodies) {
        let any = false
        for (const { row, words: text, group } of rows) {
          const fits = words.every((w) => text.includes(w)) && (words.length === 0 || text !== '')
          if (!group) row.hidden = !fits
          if (fits && (!group || text !== '')) shown++
          any = any || fits
        }
        body.hidden = !any
      }
      count.textContent = words.length ? shown + ' of ' + all : all
      $('none').hidden = shown > 0
    }
    const read = () => {
      const query = state().get('q')
      filter.value = query === null ? '' : query
      show()
      return query !== null
    }
    filter.addEventListener('input', () => { setState([['q', filter.value]]); show() })
    addEventListener('hashchange', read)
    if (read() && filter.value === '') filter.focus({ preventScroll: true })
    const tools = document.querySelector('.tools')
    const measure = () => {
      const sticky = getComputedStyle(tools).position === 'sticky'
      document.documentElement.style.setProperty('--tools', (sticky ? tools.offsetHeight : 0) + 'px')
    }
    measure()
    addEventListener('resize', measure)
  }

  // The comparison.
  const choose = $('choose')
  if (choose && typeof DATA !== 'undefined') {
    const from = $('from'), to = $('to'), breaking = $('breaking'), kinds = ['added', 'removed', 'renamed', 'deprecated', 'changed']
    // release finds what a version stands for: v16 is the newest v16.
    const release = (text) => {
      const name = text && (text[0] === 'v' ? text : 'v' + text)
      if (DATA.documents[name]) return DATA.documents[name]
      if (DATA.releases.includes(name)) return name
      return DATA.releases.filter((r) => r.startsWith(name + '.')).pop()
    }
    const classOf = (starts, state) => {
      let c = starts.length - 1
      while (starts[c] > state) c--
      return c
    }
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
    const show = () => {
      const a = DATA.states[DATA.releases.indexOf(from.value)], b = DATA.states[DATA.releases.indexOf(to.value)]
      const groups = DATA.groups.map(() => [])
      for (const slot of DATA.slots) {
        const x = classOf(slot.c, a), y = classOf(slot.c, b)
        for (const i of slot.t[x * slot.c.length + y] || []) groups[slot.g].push(DATA.changes[i])
      }
      const counts = kinds.map(() => 0)
      const sections = groups.map((list, g) => {
        const told = list.filter((c) => c.g || !breaking.checked)
          .sort((c, d) => c.k - d.k || order(c.o, d.o) || order(c.n, d.n))
        told.forEach((c) => counts[c.k]++)
        const section = document.createElement('section'), title = document.createElement('h2'), ul = document.createElement('ul')
        section.className = 'told'
        title.textContent = DATA.groups[g]
        ul.innerHTML = told.map((c) => c.h).join('') // written by the generator, which escapes
        section.append(title, ul)
        return told.length ? section : null
      }).filter(Boolean)
      const changes = $('changes')
      changes.replaceChildren(...sections)
      if (breaking.checked) changes.querySelectorAll('details').forEach((d) => { d.open = true })
      const total = counts.reduce((n, m) => n + m, 0)
      $('summary').textContent = total === 0
        ? (breaking.checked ? 'Nothing breaks a Go program.' : 'Nothing changed.')
        : total + (total === 1 ? ' change: ' : ' changes: ') + kinds.map((k, i) => counts[i] ? counts[i] + ' ' + k : '').filter(Boolean).join(', ')
      document.title = from.value + ' → ' + to.value + ' · Node’s http, version by version'
    }
    const read = () => {
      const s = state(), a = release(s.get('from')), b = release(s.get('to'))
      if (a) from.value = a
      if (b) to.value = b
      breaking.checked = s.get('breaking') === '1'
      show()
    }
    const changed = () => {
      setState([['from', from.value], ['to', to.value], ['breaking', breaking.checked ? '1' : '']])
      show()
    }
    for (const input of [from, to, breaking]) input.addEventListener('change', changed)
    $('swap').addEventListener('click', () => {
      const was = from.value
      from.value = to.value
      to.value = was
      changed()
    })
    addEventListener('hashchange', read)
    read()
  }

  // A scenario that the address names is open.
  const open = () => {
    const target = location.hash && $(decodeURIComponent(location.hash.slice(1)))
    if (target && target.tagName === 'DETAILS') {
      target.open = true
      target.scrollIntoView()
    }
  }
  addEventListener('hashchange', open)
  open()

  // The keyboard.
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const at = document.activeElement
    const typing = at && (at.tagName === 'SELECT' || at.tagName === 'INPUT' && at.type !== 'checkbox')
    if (event.key === '/' && !typing) {
      event.preventDefault()
      if (filter) filter.select()
      else location.href = root + 'index.html#q='
      return
    }
    if (filter) {
      if (event.key === 'Escape' && (filter.value || at === filter)) {
        filter.value = ''
        filter.dispatchEvent(new Event('input'))
        filter.focus()
        return
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      const inTable = at && at.closest && at.closest('#matrix')
      if (step && (at === filter && step > 0 || inTable || at === document.body)) {
        const links = [...document.querySelectorAll('#matrix tbody:not([hidden]) tr:not([hidden]) th a')]
        const next = links.indexOf(at) + step
        event.preventDefault()
        if (next < 0) filter.focus()
        else if (links[next]) {
          links[next].focus({ preventScroll: true })
          links[next].closest('tr').scrollIntoView({ block: 'nearest' })
        }
      }
      return
    }
    const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key]
    const link = rel && !typing && document.querySelector('a[rel="' + rel + '"]')
    if (link) link.click()
  })
})()
