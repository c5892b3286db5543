/** Statistics of models, such as Fisher information and Gram matrices: what they are, by name. */
package dev.stockpot.merge.statistics;
