/** The tokens of models: tokenizers, rows of embeddings for them, chat templates. */
package dev.stockpot.merge.vocabulary;
