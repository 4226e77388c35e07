// What needs a script: the live feed, frames as high as what is in them, and buttons that show that they work.
// Every page can be used without it.
(function () {
  'use strict';

  // A frame of the module tells how high it is. It is of no origin, so only its window identifies it.
  addEventListener('message', function (event) {
    var height = event.data && event.data.sandboxFrameHeight;
    if (typeof height !== 'number') return;
    document.querySelectorAll('iframe.module').forEach(function (frame) {
      if (frame.contentWindow === event.source) frame.style.height = Math.min(Math.max(height, 60), 6000) + 2 + 'px';
    });
  });

  document.querySelectorAll('form[method=post]').forEach(markBusy);
  function markBusy(form) {
    form.addEventListener('submit', function (event) {
      var button = event.submitter;
      if (!button) return;
      if (button.getAttribute('aria-busy') === 'true') { event.preventDefault(); return; }
      button.setAttribute('aria-busy', 'true');
    });
  }
  addEventListener('pageshow', function () {
    document.querySelectorAll('[aria-busy=true]').forEach(function (button) { button.removeAttribute('aria-busy'); });
  });

  var back = document.querySelector('[data-back]');
  if (back && document.referrer.indexOf(location.origin + '/') === 0) back.href = document.referrer;

  var clock = document.querySelector('.clock');
  if (clock) {
    addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && clock.open) { clock.open = false; clock.querySelector('summary').focus(); }
    });
    addEventListener('click', function (event) { if (!clock.contains(event.target)) clock.open = false; });
  }

  var steps = document.querySelector('[data-steps]');
  if (!steps) return;
  var pulse = document.querySelector('.pulse');
  var search = document.querySelector('[data-filter-text]');

  // The filter is kept from page to page.
  var kept = {};
  try { kept = JSON.parse(sessionStorage.getItem('filter') || '{}'); } catch (error) { kept = {}; }
  document.querySelectorAll('[data-filter]').forEach(function (box) {
    if (box.dataset.filter in kept) box.checked = kept[box.dataset.filter];
    box.addEventListener('change', function () { kept[box.dataset.filter] = box.checked; keep(); });
  });
  search.value = kept.text || '';
  search.addEventListener('input', function () { kept.text = search.value; keep(); steps.querySelectorAll('.entry').forEach(show); });
  function keep() { sessionStorage.setItem('filter', JSON.stringify(kept)); }
  function show(entry) {
    entry.hidden = search.value !== '' && entry.textContent.toLowerCase().indexOf(search.value.toLowerCase()) < 0;
  }
  steps.querySelectorAll('.entry').forEach(show);

  function parsed(html) {
    var template = document.createElement('template');
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  var source = new EventSource('/live/stream?after=' + document.body.dataset.revision);
  source.onopen = function () { pulse.dataset.state = 'on'; pulse.title = 'Live'; };
  source.onerror = function () { pulse.dataset.state = 'off'; pulse.title = 'Not live'; };
  source.addEventListener('step', function (event) {
    var step = parsed(event.data);
    if (steps.querySelector('[data-step="' + step.dataset.step + '"]')) return;
    var empty = steps.querySelector('.empty');
    if (empty) empty.remove();
    steps.prepend(step);
  });
  source.addEventListener('entry', function (event) {
    var entry = parsed(event.data);
    var old = document.getElementById(entry.id);
    show(entry);
    entry.querySelectorAll('form').forEach(markBusy);
    if (old) {
      entry.open = old.open;
      old.replaceWith(entry);
      return;
    }
    var step = steps.querySelector('[data-step="' + entry.dataset.in + '"] .entries');
    if (!step) return;
    entry.classList.add('new');
    step.insertBefore(entry, entry.dataset.before ? document.getElementById(entry.dataset.before) : null);
  });
  addEventListener('pagehide', function () { source.close(); });
})();
