// A player of another site is framed once the reader asks for it, and for this page alone: nothing is remembered.
for (const player of document.querySelectorAll("[data-player]")) {
  const button = player.querySelector("[data-play]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "player__frame";
    frame.title = player.dataset.title;
    // Its scripts under its own origin, and links to its own pages; neither forms, nor downloads, nor this page.
    frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
    frame.allow = "fullscreen; picture-in-picture; encrypted-media";
    frame.referrerPolicy = "strict-origin";
    frame.src = player.dataset.player;
    player.querySelector(".player__drawing").replaceWith(frame);
    button.remove();
    frame.focus();
  });
}
