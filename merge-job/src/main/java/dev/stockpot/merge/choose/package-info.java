/** What to try next, and what was best: pure functions of the scores that came back. */
package dev.stockpot.merge.choose;
