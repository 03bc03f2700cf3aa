/** How much must be in common before a fault counts as systemic. Never counts anything. */

/** Keys or documents: fewer may have something in common by chance. */
export const SUPPORT_MIN = 8;
