/** The product is built before tests that start it several times at once. */
import { buildProduct } from "../browser/product";

export const setup = buildProduct;
