/** Files of llama.cpp, as far as merges take something from them: importance matrices. */
package dev.stockpot.merge.gguf;
