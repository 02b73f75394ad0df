// The form of a rule: the fields of a row follow the chosen fact, and the sentence follows the form.
// Without it two buttons do the same.
"use strict";
{
    const form = document.getElementById("ruleversion_form");
    const words = document.getElementById("law-words");

    const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

    // While a row follows its fact nothing can be typed into it: it would be gone with the fields.
    const follow = async (select) => {
        const name = select.name.match(/^(applies|requires|exceptions)-(\d+)-fact$/);
        if (!name) return;
        const row = select.closest("tr");
        const fact = select.value;
        const asked = new URLSearchParams({ part: name[1], number: name[2], fact });
        row.setAttribute("aria-busy", "true");
        const cells = [...row.querySelectorAll("td[class*='field-']")].filter((cell) => !cell.contains(select));
        cells.forEach((cell) => { cell.inert = true; });
        const answer = await fetch(`${form.dataset.fields}&${asked}`).catch(() => null);
        if (select.value !== fact) return; // chosen anew meanwhile: that choice brings its own fields
        if (answer && answer.ok) {
            const page = await parsed(answer);
            for (const part of page.querySelectorAll("[data-field]")) {
                const cell = row.querySelector(`td.field-${part.dataset.field}`);
                if (cell) cell.replaceChildren(...part.childNodes);
            }
        }
        cells.forEach((cell) => { cell.inert = false; });
        row.removeAttribute("aria-busy");
    };

    // What belongs to another effect than the chosen one is out of sight.
    const parts = {
        require: [".field-required_count", "#requires-group"],
        attach: [".field-condition_kind", ".field-condition_approver", ".field-condition_text"],
        limit: [".field-limit", ".field-limit_weekdays", ".field-limit_places", ".field-limit_together", ".field-limit_population"],
        lift: ["#lifts-group"],
    };
    const narrow = () => {
        const chosen = form.elements.effect.value;
        for (const [effect, places] of Object.entries(parts)) {
            for (const place of places) {
                const part = form.querySelector(place);
                part.hidden = effect !== chosen && !part.querySelector(".errorlist");
            }
        }
    };

    let waiting = 0;
    const speak = () => {
        window.clearTimeout(waiting);
        waiting = window.setTimeout(async () => {
            const answer = await fetch(form.dataset.words, { method: "POST", body: new FormData(form) });
            if (answer.ok) words.replaceChildren(...(await parsed(answer)).body.childNodes);
        }, 400);
    };

    if (form && words) {
        narrow();
        form.addEventListener("change", async (event) => {
            if (event.target.matches("select[name$='-fact']")) await follow(event.target);
            narrow();
            speak();
        });
        form.addEventListener("input", speak);
    }
}
