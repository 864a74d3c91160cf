/** How the page is coloured: as the system is, or as the reader chose. Kept in the browser alone. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_KEY = "theme";

/**
 * Runs before anything is drawn, so that no page flashes in the other theme. A browser that keeps nothing shows the system's.
 */
export const THEME_SCRIPT = `try{var t=localStorage.getItem(${JSON.stringify(THEME_KEY)});if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;
