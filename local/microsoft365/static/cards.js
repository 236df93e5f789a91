/* global AdaptiveCards, markdownit */
// Cards as a Teams channel draws them in its light theme. Sizes and colours follow what Teams shows.
const colours = (standard, subtle) => ({ default: standard, subtle });
const foreground = {
  default: colours("#242424", "#616161"),
  dark: colours("#242424", "#616161"),
  light: colours("#ffffff", "#d6d6d6"),
  accent: colours("#5b5fc7", "#7f85f5"),
  good: colours("#237b4b", "#4f9e70"),
  warning: colours("#835c00", "#a5803d"),
  attention: colours("#c4314b", "#cf6175"),
};
const style = (backgroundColor, borderColor) => ({
  backgroundColor,
  borderColor,
  foregroundColors: foreground,
});

const FONT = "'Segoe UI', 'Noto Sans', system-ui, sans-serif";

const HOST = {
  supportsInteractivity: true,
  fontFamily: FONT,
  fontTypes: {
    default: { fontFamily: FONT },
    monospace: { fontFamily: "Consolas, 'Noto Sans Mono', monospace" },
  },
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  spacing: { small: 8, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: "#e1e1e1" },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: style("#ffffff", "#e1e1e1"),
    emphasis: style("#f5f5f5", "#e1e1e1"),
    accent: style("#e8ebfa", "#b4b9f2"),
    good: style("#e7f2da", "#bdda9b"),
    warning: style("#fbf6d9", "#f0e3a6"),
    attention: style("#fcf4f6", "#f3d6dc"),
  },
  actions: {
    maxActions: 6,
    spacing: "default",
    buttonSpacing: 8,
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    preExpandSingleShowCardAction: false,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
  },
  factSet: {
    title: { weight: "bolder", wrap: true, maxWidth: 150 },
    value: { wrap: true },
    spacing: 12,
  },
};

// Teams knows emphasis, links and lists in cards; no headings, no images, no HTML.
const markdown = markdownit("zero", { html: false }).enable(["emphasis", "link", "list", "escape", "strikethrough", "entity"]);
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

export function drawCard(content) {
  try {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(HOST);
    card.onAnchorClicked = (_, anchor) => openAddress(anchor.href);
    card.onExecuteAction = run;
    card.parse(content);
    const drawn = card.render();
    if (drawn) return drawn;
  } catch (error) {
    console.error(error);
  }
  const failed = document.createElement("p");
  failed.className = "failed";
  failed.textContent = "Kartu sa nepodarilo zobraziť.";
  return failed;
}

function run(action) {
  if (action instanceof AdaptiveCards.OpenUrlAction) openAddress(action.url);
  else window.alert("Cez Workflows môže karta len otvoriť odkaz; toto tlačidlo by v Teams nič neurobilo.");
}

function openAddress(address) {
  const url = new URL(address, window.location.href);
  if (url.protocol === "https:" || url.protocol === "http:") window.open(url.href, "_blank", "noopener");
  return true;
}
