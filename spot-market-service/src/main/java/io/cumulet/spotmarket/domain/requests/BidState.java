package io.cumulet.spotmarket.domain.requests;

/** What a request's one unit does in its pool, apart from what the owner sees as the request's state. */
public enum BidState {
    /** Takes no part: before its time, or over. */
    NONE(false, false),
    /** Bids for room. */
    WAITING(true, false),
    /** Was given room; its instance isn't there yet, or is still stopped. */
    ALLOCATED(true, false),
    /** Its instance runs; its bid defends its room. */
    RUNNING(true, false),
    /** Was told to leave, or leaves by itself: no bid any more, its room counts as taken until it is gone. */
    LEAVING(false, true);

    private final boolean bids;
    private final boolean leaving;

    BidState(boolean bids, boolean leaving) {
        this.bids = bids;
        this.leaving = leaving;
    }

    /** Whether it takes part in clearings. */
    public boolean bids() {
        return bids;
    }

    /** Whether room is taken for it. */
    public boolean takesRoom() {
        return this == ALLOCATED || this == RUNNING || this == LEAVING;
    }

    /** Whether it holds room that it will give back. */
    public boolean isLeaving() {
        return leaving;
    }
}
