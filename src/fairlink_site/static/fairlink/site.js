// Everything works without this file. With it, limits are counted as one types and work shows how far it is.

for (const field of document.querySelectorAll("[data-count]")) {
  const told = document.createElement("p");
  told.className = "helptext counted";
  field.after(told);
  const tell = () => { told.textContent = `${[...field.value].length} / ${field.maxLength}`; };
  field.addEventListener("input", tell);
  tell();
}

const live = document.querySelector("[data-live]");
const every = 1000 * (live?.dataset.live || 2);

async function look() {
  if (!live.querySelector("[data-open]")) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    // Whoever is about to press a button in it shall not lose it.
    if (answer.ok && fresh && !live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
    if (answer.ok && !live.querySelector("[data-open]")) location.reload();
  } catch { /* the network is away; look again */ }
  setTimeout(look, every);
}

if (live) setTimeout(look, Math.max(every, 1500));
