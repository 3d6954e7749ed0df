/** Third number of the bench's own lab network, 10.213.N.0/24. */
export const SUBNET_NUMBER = 80;
/** Its stack is called "e2e-" and this, as every stack that is not a user's. */
export const PLATFORM = "bench";
/** Applications of small services: ours, and the one of `docker stack deploy`. */
export const OURS = "small";
export const THEIRS = "theirs";
/** The set-up builds it. Path from the project's folder. */
export const STANDIN_ARCHIVE = ".dockyard/images/standin.tar";
