/** The page on which an operator signs in. Its parts are files of their own, because nothing inline runs under its policy. */
export const page = (uiUrl: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Read payloads in Temporal's UI</title>
<link rel="stylesheet" href="/page.css">
<main>
  <h1>Read payloads in Temporal's UI</h1>
  <p>What workflows are called with is encrypted. With an API key that has the scope <code>operations</code>, this browser may read it for
  15 minutes. Who read how much is written down, and never what it was.</p>
  <form id="form">
    <label for="key">API key</label>
    <input id="key" type="password" autocomplete="off" spellcheck="false" required>
    <button>Sign in</button>
  </form>
  <p id="answer" role="status"></p>
  <button id="leave" hidden>Sign out</button>
  <p>Then load <a href="${uiUrl}" rel="noreferrer">Temporal's UI</a> again. Once in each browser, open the glasses in its upper corner, enter the address of this
  page as the browser's endpoint, and choose <em>Include cross-origin credentials</em> and <em>Use my browser setting</em>.</p>
</main>
<script src="/page.js"></script>
</html>
`;

export const style = `body { font: 16px/1.5 system-ui, sans-serif; margin: 10vh auto; max-width: 34rem; padding: 0 1rem; color: #1b1f24; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; margin: .25rem 0 .75rem; }
button { font: inherit; padding: .4rem 1rem; }
#answer { font-weight: 600; min-height: 1.5em; }
`;

export const script = `const [form, key, answer, leave] = ['form', 'key', 'answer', 'leave'].map((id) => document.getElementById(id));
const post = (path, body) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  answer.textContent = 'One moment …';
  try {
    const reply = await post('/sign-in', { key: key.value });
    const { message } = await reply.json();
    answer.textContent = message;
    leave.hidden = !reply.ok;
    if (reply.ok) key.value = '';
  } catch {
    answer.textContent = 'The codec server does not answer. Try again.';
  }
});
leave.addEventListener('click', async () => {
  await post('/sign-out', {});
  answer.textContent = 'Signed out.';
  leave.hidden = true;
});
`;
