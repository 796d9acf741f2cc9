// Which open calls fit a company. The company stays in this browser: the list of open calls is the same for everyone, and is
// compared with it here.
"use strict";

const COMPANY = "gonggo.company";
const words = JSON.parse(document.getElementById("mine-words").textContent);
const companyForm = document.getElementById("company");
const matches = document.getElementById("matches");
let calls = null;

const company = () => {
  const given = new FormData(companyForm);
  return { region: given.get("region"), size: given.get("size"), age: given.get("age"), sectors: given.getAll("sector") };
};

const named = (kind, codes) => codes.map((code) => words[kind][code] || code).join(", ");

// Each condition that the company gave: fits (true), does not (false), or is not stated by the call (null), and why.
const reasonsOf = (call, own) => {
  const reasons = [];
  if (own.region) {
    const fits = call.sidos.length ? call.sidos.includes(own.region) || call.sidos.includes("전국") : null;
    reasons.push([fits, `${words.region} ${named("regions", call.sidos) || words.not_stated}`]);
  }
  if (own.size) {
    const fits = call.sizes.length ? call.sizes.includes(own.size) : null;
    reasons.push([fits, `${words.who} ${named("sizes", call.sizes) || words.not_stated}`]);
  }
  if (own.age !== "" && call.max_company_age !== null) {
    reasons.push([Number(own.age) <= call.max_company_age, `${words.age} ${call.max_company_age}`]);
  }
  if (own.sectors.length) {
    const fits = call.sectors.length ? own.sectors.some((sector) => call.sectors.includes(sector)) : null;
    reasons.push([fits, `${words.sector} ${named("sectors", call.sectors) || words.not_stated}`]);
  }
  return reasons;
};

const verdictOf = (reasons) => {
  if (reasons.some(([fits]) => fits === false)) return "no";
  return reasons.some(([fits]) => fits === null) ? "unknown" : "yes";
};

const won = (krw) => {
  if (!krw) return "";
  if (document.documentElement.lang === "en") {
    const [sum, unit] = krw >= 1e9 ? [krw / 1e9, "bn"] : [krw / 1e6, "m"];
    return `₩${Number(sum.toPrecision(4)).toLocaleString("en")} ${unit}`;
  }
  const eok = Math.floor(krw / 1e8);
  const man = Math.floor((krw % 1e8) / 1e4);
  return `${[eok ? `${eok.toLocaleString()}억` : "", man ? `${man.toLocaleString()}만` : ""].filter(Boolean).join(" ")} 원`;
};

const rowOf = (call, reasons) => {
  const row = document.getElementById("match").content.cloneNode(true);
  const title = row.querySelector(".title");
  title.href = `calls/${call.announcement_key}`;
  title.textContent = call.title;
  for (const [fits, why] of reasons) {
    const reason = document.createElement("span");
    reason.className = fits ? "fits" : fits === false ? "misses" : "";
    reason.textContent = `${fits ? "✓" : fits === false ? "✗" : "?"} ${why}`;
    row.querySelector(".reasons").append(reason);
  }
  const ceiling = call.award_ceiling ? words.up_to.replace("{}", won(call.award_ceiling)) : won(call.award_amount);
  const { days_left: days } = call;
  const left = row.querySelector(".left");
  left.textContent = days === null || days < 0 ? "" : days === 0 ? words.today : (days === 1 ? words.day_left : words.days_left).replace("{}", days);
  left.classList.toggle("soon", days !== null && days <= 7);
  row.querySelector("time").textContent = call.closes_on ? words.until.replace("{}", call.closes_on) : "";
  row.querySelector("b").textContent = ceiling;
  const star = row.querySelector(".star");
  Object.assign(star.dataset, { key: call.announcement_key, title: call.title });
  star.lastElementChild.textContent = `${words.star}: ${call.title}`;
  drawStar(star);
  return row;
};

const show = () => {
  const own = company();
  const groups = { yes: [], unknown: [], no: [] };
  for (const call of calls) {
    const reasons = reasonsOf(call, own);
    groups[verdictOf(reasons)].push(rowOf(call, reasons));
  }
  matches.replaceChildren(
    ...Object.entries(groups).filter(([, rows]) => rows.length).map(([verdict, rows]) => {
      const group = document.getElementById("group").content.cloneNode(true);
      group.querySelector("section").dataset.verdict = verdict;
      group.querySelector("h2").textContent = `${words.verdicts[verdict]} ${rows.length}`;
      group.querySelector("ol").append(...rows);
      return group;
    }),
  );
};

const restore = () => {
  const own = JSON.parse(localStorage.getItem(COMPANY) || "{}");
  for (const name of ["region", "size", "age"]) companyForm.elements[name].value = own[name] || "";
  for (const box of companyForm.querySelectorAll("[name=sector]")) box.checked = (own.sectors || []).includes(box.value);
};

const showStarred = () => {
  const starred = starredCalls();
  document.getElementById("starred-section").hidden = !starred.length;
  document.getElementById("starred-list").replaceChildren(...starred.map(({ key, title }) => {
    const row = document.getElementById("star-row").content.cloneNode(true);
    row.querySelector("input").value = key;
    row.querySelector("a").href = `calls/${key}`;
    row.querySelector("a").textContent = title;
    row.querySelector("button").addEventListener("click", () => {
      keepStarred(starredCalls().filter((one) => one.key !== key));
      showStarred();
      for (const star of matches.querySelectorAll("button.star")) drawStar(star);
    });
    return row;
  }));
};

companyForm.hidden = false;
document.addEventListener("starred", () => showStarred());
restore();
showStarred();
companyForm.addEventListener("submit", (event) => event.preventDefault());
companyForm.addEventListener("input", () => {
  localStorage.setItem(COMPANY, JSON.stringify(company()));
  if (calls) show();
});
fetch(matches.dataset.rows)
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((rows) => {
    calls = rows;
    show();
  })
  .catch((error) => {
    matches.textContent = `${words.failed} (${error.message})`;
  });
