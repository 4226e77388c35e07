// Tells the page around it how high the module's page is. Nothing else passes between the two.
(function () {
  var last = 0;
  function tell() {
    var height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height !== last) {
      last = height;
      parent.postMessage({ sandboxFrameHeight: height }, '*');
    }
  }
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener('load', tell);
  tell();
})();
