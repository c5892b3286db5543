/** What becomes visible of a merge, and when. */
package dev.stockpot.merge.commit;
