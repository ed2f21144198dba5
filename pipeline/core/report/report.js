"use strict";
(function () {
  // Without this script the page is complete: it only narrows the table and dims the map.
  var tools = document.getElementById("tools");
  if (tools) {
    var words = document.getElementById("words");
    var theme = document.getElementById("theme");
    var shown = document.getElementById("shown");
    var rows = Array.prototype.slice.call(document.querySelectorAll("#rows tr"));
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var narrow = function () {
      var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(function (row, i) {
        var fits = (!theme.value || row.getAttribute("data-theme") === theme.value) &&
          wanted.every(function (word) { return texts[i].indexOf(word) >= 0; });
        row.hidden = !fits;
        if (fits) { left += 1; }
      });
      shown.textContent = left + " of " + rows.length + " rows";
    };
    words.addEventListener("input", narrow);
    theme.addEventListener("change", narrow);
    tools.hidden = false;
    narrow();
  }

  var map = document.getElementById("dots");
  var keys = Array.prototype.slice.call(document.querySelectorAll("#legend a"));
  keys.forEach(function (key) {
    var group = document.getElementById("g" + key.getAttribute("data-theme"));
    var show = function () {
      if (group) { map.classList.add("dim"); group.classList.add("on"); }
    };
    var clear = function () {
      if (group) { map.classList.remove("dim"); group.classList.remove("on"); }
    };
    key.addEventListener("mouseenter", show);
    key.addEventListener("focus", show);
    key.addEventListener("mouseleave", clear);
    key.addEventListener("blur", clear);
  });
}());
