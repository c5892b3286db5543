/** Which tensors of a model are codes, that mean nothing without the scales beside them. */
package dev.stockpot.merge.quantised;
