/** GGUF files: their headers, the models that they hold, and the importance matrices. */
package dev.stockpot.merge.gguf;
