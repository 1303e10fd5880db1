// What adapters say of models when they know before the server is asked, and of the server's refusals.

export const NO_IMAGES = "This model does not take images.";
export const NO_SUFFIX = "This model cannot fill in the middle: it has no place for a suffix.";
export const NO_EMBEDDINGS = "This model does not make embeddings.";
