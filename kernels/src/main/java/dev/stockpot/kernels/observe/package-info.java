/**
 * What a report tells of a merge: geometry, conflicts and magnitudes, from a sample of each tensor.
 */
package dev.stockpot.kernels.observe;
