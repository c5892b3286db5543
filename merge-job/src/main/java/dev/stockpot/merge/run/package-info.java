/**
 * A merge is a call: open, plan, make, publish, told to whoever listens and printed nowhere.
 *
 * <p>{@link dev.stockpot.merge.run.Stockpot} is the public API, with the public types of this
 * package that it takes and gives, {@link dev.stockpot.merge.UserException} and its kinds. All
 * other packages of Stockpot may change with every version; the contract of merge methods aside.
 */
package dev.stockpot.merge.run;
