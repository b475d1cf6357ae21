/** Where the built page stands, for programs that serve it or write it to disk with runs inside. */
export const pageFile: URL = new URL("../dist/studio.html", import.meta.url);
