"use strict";
(() => {
  const main = document.querySelector("main");
  const state = document.getElementById("state");
  const pause = 3000;
  async function refresh() {
    // Not while nobody looks, nor under somebody's selection.
    if (!document.hidden && getSelection().isCollapsed) {
      try {
        const answer = await fetch("/p2p/status", { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10000) });
        if (!answer.ok) throw new Error(answer.status);
        main.innerHTML = await answer.text(); // every value in it was encoded by the server
        state.textContent = "live";
        state.className = "";
      } catch {
        state.textContent = "no answer";
        state.className = "lost";
      }
    }
    setTimeout(refresh, pause);
  }
  setTimeout(refresh, pause);
})();
