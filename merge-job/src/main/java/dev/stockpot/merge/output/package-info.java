/** What is to be written, as data: tensors, how files are laid out, what goes beside them. */
package dev.stockpot.merge.output;
