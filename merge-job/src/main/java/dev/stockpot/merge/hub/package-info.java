/**
 * Models of a Hugging Face hub: their names, the cache that its programs share, and files by ranges
 * over HTTP. Whoever reads them knows locations {@code hf://org/name@commit} alone.
 */
package dev.stockpot.merge.hub;
