/** Models that are put together by rules, of tensors of others and of new ones. */
package dev.stockpot.merge.compose;
