// Everything works without this file; it adds what a form cannot do.
"use strict";

// Inside Airflow's frame only the page around it can open a new tab.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.out");
  if (link && window.parent !== window) {
    event.preventDefault();
    window.parent.open(link.href, "_blank", "noopener");
  }
});

// Pointing at a fact highlights its words in the text, and the other way round. A fact that was chosen stays highlighted and
// shown, whatever the pointer passes over afterwards, until another is chosen.
const highlight = (numbers, name, on) => {
  for (const number of numbers) {
    for (const part of document.querySelectorAll(`[data-f~="${CSS.escape(number)}"]`)) part.classList.toggle(name, on);
  }
};
for (const [name, on] of [["mouseover", true], ["mouseout", false]]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.("[data-f]");
    if (part) highlight(part.dataset.f.split(" "), "lit", on);
  });
}
const choose = (part) => {
  for (const one of document.querySelectorAll(".chosen-fact")) one.classList.remove("chosen-fact");
  highlight(part.dataset.f.split(" "), "chosen-fact", true);
  const box = document.querySelector(".evidence .text");
  const word = part.matches(".fact") && box?.querySelector(`mark[data-f~="${CSS.escape(part.dataset.f)}"]`);
  if (word) box.scrollTo({ top: word.offsetTop - box.offsetTop - box.clientHeight / 3 });
};
for (const name of ["click", "focusin"]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.("[data-f]");
    if (part) choose(part);
  });
}

// Calls that a reader starred stay in this browser.
const STARRED = "gonggo.starred";
const starredCalls = () => JSON.parse(localStorage.getItem(STARRED) || "[]");
const keepStarred = (calls) => localStorage.setItem(STARRED, JSON.stringify(calls.slice(0, 200)));
const drawStar = (button) => {
  const on = starredCalls().some((one) => one.key === button.dataset.key);
  button.setAttribute("aria-pressed", String(on));
  button.firstElementChild.textContent = on ? "★" : "☆";
  button.hidden = false;
};
for (const button of document.querySelectorAll("button.star")) drawStar(button);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.star");
  if (!button) return;
  const { key, title } = button.dataset;
  const others = starredCalls().filter((one) => one.key !== key);
  keepStarred(button.getAttribute("aria-pressed") === "true" ? others : [{ key, title }, ...others]);
  drawStar(button);
  document.dispatchEvent(new Event("starred"));
});

// The console: run without leaving the page, cancel, and a history that stays in this browser.
const form = document.querySelector("form.console");
if (form) {
  const KEY = "gonggo.queries";
  const result = document.querySelector(".result");
  const stop = form.querySelector(".cancel");
  const queueStatus = document.querySelector(".queue-status");
  const history = document.querySelector(".history");
  const savedQueries = () => JSON.parse(localStorage.getItem(KEY) || "[]");
  const show = () => {
    const list = history.querySelector("ul");
    list.replaceChildren(...savedQueries().map((sql) => {
      const item = document.createElement("li");
      const button = document.createElement("a");
      button.href = `console?sql=${encodeURIComponent(sql)}`;
      button.textContent = sql.slice(0, 80);
      item.append(button);
      return item;
    }));
    history.hidden = !list.children.length;
  };
  show();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sql = form.elements.sql.value;
    localStorage.setItem(KEY, JSON.stringify([sql, ...savedQueries().filter((one) => one !== sql)].slice(0, 30)));
    show();
    form.elements.ticket.value = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    stop.hidden = false;
    result.setAttribute("aria-busy", "true");
    // A query that has to wait for its turn says so.
    const poll = setInterval(async () => {
      const response = await fetch(`console/status?ticket=${encodeURIComponent(form.elements.ticket.value)}`);
      queueStatus.textContent = response.ok ? await response.text() : "";
      queueStatus.hidden = !queueStatus.textContent;
    }, 1000);
    try {
      const body = new URLSearchParams({ sql, ticket: form.elements.ticket.value, part: "1" });
      const answer = await fetch(form.action, { method: "POST", body });
      result.innerHTML = await answer.text();  // made and escaped by the server
    } catch (error) {
      result.textContent = String(error);
    } finally {
      clearInterval(poll);
      queueStatus.hidden = true;
      stop.hidden = true;
      result.removeAttribute("aria-busy");
    }
  });
  stop.addEventListener("click", () => {
    fetch("console/cancel", { method: "POST", body: new URLSearchParams({ ticket: form.elements.ticket.value }) });
  });
  form.elements.sql.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}
