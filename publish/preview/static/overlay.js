// @ts-check
// What the preview adds to a page: it is shown anew when it has changed.
const print = /** @type {HTMLScriptElement} */ (document.currentScript).dataset.print;

function listen() {
  const line = new WebSocket(`ws://${location.host}/_preview/line?page=${encodeURIComponent(location.pathname)}`);
  line.onmessage = (event) => {
    if (JSON.parse(event.data).print !== print) location.reload();
  };
  line.onclose = () => setTimeout(listen, 1000);
}
listen();
