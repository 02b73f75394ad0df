// Numbers choose an answer in the question that has the focus; a typed number and "not known yet" exclude each other.
"use strict";

const typesText = (element) => element.matches('input[type="text"], select, textarea');

document.addEventListener("keydown", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question || typesText(event.target) || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) {
        return;
    }
    const choices = [...question.querySelectorAll('input[type="radio"]')];
    const choice = event.key === "0" ? choices.at(-1) : choices.slice(0, -1)[Number(event.key) - 1];
    if (choice) {
        choice.checked = true;
        choice.focus();
        choice.dispatchEvent(new Event("change", { bubbles: true }));
        event.preventDefault();
    }
});

document.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    const unknown = question && question.querySelector("[data-unknown]");
    const number = question && question.querySelector("[data-number]");
    if (unknown && event.target === number && number.value) {
        unknown.checked = false;
    } else if (number && event.target === unknown && unknown.checked) {
        number.value = "";
    }
});
