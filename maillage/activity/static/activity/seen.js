// The page that a notice leads to is open: the notice is read, and no message will tell it again.
const form = document.getElementById("avis-lus");
fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
