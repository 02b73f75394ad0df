// The sheet while it is answered: numbers choose an answer in the question that has the focus; a typed number and "not
// known yet" exclude each other; what could not be saved is said at its question and kept; reasons stay unfolded.
"use strict";
{
    const form = document.getElementById("lembar");
    const words = document.getElementById("unsaved-words").dataset;
    const unsaved = new Map(); // question → "pending", "told" (refused with a sentence), or why it failed
    const edits = new WeakMap(); // question → how often it was changed
    const sent = new WeakMap(); // question → at which of its changes the last request was sent
    const unfolded = new Set();
    let leaving = false;

    const questionOf = (event) => event.target instanceof Element && event.target.closest("[data-question]");
    const typesText = (element) => element.matches('input[type="text"], select, textarea');
    const again = (question) => window.htmx.trigger(question, "change");

    const edited = (question) => {
        edits.set(question, (edits.get(question) ?? 0) + 1);
        unsaved.set(question, "pending");
    };

    // The form was drawn with a token that a new session no longer takes; the cookie holds the one of today.
    const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.csrfmiddlewaretoken.value;

    const failed = (question, why) => {
        unsaved.set(question, why);
        const status = question.querySelector(".sheet-status");
        status.querySelectorAll(".saved, .decisive, .soft, [data-unsaved]").forEach((old) => old.remove());
        const told = document.createElement("p");
        told.className = "field-fault";
        told.dataset.unsaved = why;
        told.append(`${words.unsaved} ${words[why]} `);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-outline-primary btn-sm";
        button.textContent = words.again;
        button.addEventListener("click", () => again(question));
        told.append(button);
        status.append(told);
    };

    const fail = (why) => (event) => {
        const question = questionOf(event);
        if (question) failed(question, typeof why === "string" ? why : why(event.detail.xhr.status));
    };

    const byStatus = (status) => ({ 401: "session", 403: "session", 404: "gone" })[status] ?? "server";

    document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
    document.addEventListener("htmx:responseError", fail(byStatus));
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) {
        document.addEventListener(name, fail("network"));
    }

    document.addEventListener("htmx:beforeRequest", (event) => {
        const question = questionOf(event);
        if (!question) return;
        sent.set(question, edits.get(question) ?? 0);
        unsaved.set(question, "pending");
    });

    // Who is no longer signed in is led to the page of signing in, which is no answer to a question.
    document.addEventListener("htmx:beforeSwap", (event) => {
        const question = questionOf(event);
        const { xhr, target } = event.detail;
        if (!question || xhr.status !== 200 || xhr.responseText.includes(`id="${target.id}"`)) return;
        event.detail.shouldSwap = false;
        failed(question, "session");
    });

    document.addEventListener("htmx:afterRequest", (event) => {
        const question = questionOf(event);
        if (!question || !event.detail.successful || unsaved.get(question) !== "pending") return;
        if (event.detail.xhr.responseText.includes("field-fault")) unsaved.set(question, "told");
        else if (sent.get(question) === (edits.get(question) ?? 0)) unsaved.delete(question);
    });

    window.addEventListener("online", () => {
        unsaved.forEach((why, question) => { if (why === "network") again(question); });
    });

    form.addEventListener("submit", (event) => {
        leaving = navigator.onLine;
        if (leaving) return; // all that stands in the page is sent
        event.preventDefault();
        unsaved.forEach((why, question) => failed(question, "network"));
    });

    window.addEventListener("beforeunload", (event) => {
        if (unsaved.size && !leaving) event.preventDefault();
    });

    // Who goes all the same, or faster than the request, has what she typed sent on behind her.
    window.addEventListener("pagehide", () => {
        if (leaving) return;
        unsaved.forEach((why, question) => {
            if (why === "told") return;
            const fields = [...question.querySelectorAll("[name]")].filter((one) => !/radio|checkbox/.test(one.type) || one.checked);
            const body = new URLSearchParams(fields.map((one) => [one.name, one.value]));
            const address = question.getAttribute("hx-post");
            fetch(address, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": token() } }).catch(() => null);
        });
    });

    document.addEventListener("change", (event) => {
        const question = questionOf(event);
        if (question) edited(question);
    });

    document.addEventListener("keydown", (event) => {
        const question = questionOf(event);
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
        const question = questionOf(event);
        if (!question) return;
        edited(question);
        const unknown = question.querySelector("[data-unknown]");
        const number = question.querySelector("[data-number]");
        if (unknown && event.target === number && number.value) {
            unknown.checked = false;
        } else if (number && event.target === unknown && unknown.checked) {
            number.value = "";
        }
    });

    // Every answer brings the effect anew: what the reader unfolded in it stays so.
    document.addEventListener("toggle", (event) => {
        if (!event.target.matches("#akibat details[id]")) return;
        if (event.target.open) unfolded.add(event.target.id);
        else unfolded.delete(event.target.id);
    }, true);
    document.addEventListener("htmx:oobBeforeSwap", (event) => {
        event.detail.fragment.querySelectorAll("details[id]").forEach((one) => { one.open = unfolded.has(one.id); });
    });
}
