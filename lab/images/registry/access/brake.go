package access

import (
	"errors"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// limits say how hard wrong logins are braked.
type limits struct {
	// first is how long the answer to the first wrong login takes; each further one doubles it, up to longest. It is far more than a
	// check takes, so that the time of an answer says nothing of the check.
	first, longest time.Duration
	// half is how long it takes until half of the wrong logins are forgotten.
	half time.Duration
	// places is how many logins of one source are checked, or wait for their bad news, at once: places/longest is how often a second
	// somebody can guess. admitted is how many may be on their way there, for no longer than patience.
	places, admitted int
	patience         time.Duration
	// all is how many of all sources may be in the brake.
	all int
}

// usual: longest is below the registry's draintimeout, and short enough for its restart to stay within what is held for clients.
var usual = limits{first: time.Second / 2, longest: 4 * time.Second, half: time.Minute, places: 4, admitted: 32, patience: 3 * time.Second, all: 512}

// errBusy is the answer to a login that was not looked at.
var errBusy = errors.New("too many wrong logins from this address at once; try again later")

const (
	sources  = 1024
	counters = 4096
)

// brake slows wrong logins down by source address and by name. All that it keeps has a fixed size: sources and names share cells by a
// keyed hash, which at worst makes somebody's wrong login wait longer.
type brake struct {
	limits
	seed    maphash.Seed
	all     chan struct{}
	sources [sources]source
	mu      sync.Mutex
	wrongs  [counters]counter
}

type source struct{ admitted, places chan struct{} }

type counter struct {
	count int
	last  time.Time
}

func newBrake(to limits) *brake {
	b := &brake{limits: to, seed: maphash.MakeSeed(), all: make(chan struct{}, to.all)}
	for i := range b.sources {
		b.sources[i] = source{make(chan struct{}, to.admitted), make(chan struct{}, to.places)}
	}
	return b
}

// place is held by a login while it is checked, and after a wrong one until its answer.
type place struct {
	brake   *brake
	source  *source
	address string
	begun   time.Time
}

// enter waits for a place of the source. @returns errBusy when there is none in time.
func (b *brake) enter(remote string) (*place, error) {
	begun := time.Now()
	address := sourceOf(remote)
	from := &b.sources[b.cell("from", address)%sources]
	if !take(from.admitted) {
		return nil, errBusy
	}
	if !take(b.all) {
		<-from.admitted
		return nil, errBusy
	}
	patience := time.NewTimer(b.patience)
	defer patience.Stop()
	select {
	case from.places <- struct{}{}:
		return &place{b, from, address, begun}, nil
	case <-patience.C:
		<-b.all
		<-from.admitted
		return nil, errBusy
	}
}

// take never waits.
func take(from chan struct{}) bool {
	select {
	case from <- struct{}{}:
		return true
	default:
		return false
	}
}

func (p *place) leave() {
	<-p.source.places
	<-p.brake.all
	<-p.source.admitted
}

// wrong holds the place until the time for bad news. It does so for a client that has gone, too: one that goes away as soon as good
// news fail to come would have its place back for the next guess.
func (p *place) wrong(user string) time.Duration {
	delay := max(p.brake.fail("from", p.address), p.brake.fail("user", user))
	time.Sleep(time.Until(p.begun.Add(delay)))
	p.leave()
	return delay
}

// fail notes one more wrong login and says how long its answer is to take.
func (b *brake) fail(kind, key string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	each := &b.wrongs[b.cell(kind, key)%counters]
	for ; each.count > 0 && now.Sub(each.last) >= b.half; each.last = each.last.Add(b.half) {
		each.count /= 2
	}
	// Beyond this the delay does not grow, and it should not take longer to be forgotten either.
	each.count = min(each.count+1, 10)
	each.last = now
	return min(b.first<<(each.count-1), b.longest)
}

func (b *brake) cell(kind, key string) uint64 {
	return maphash.String(b.seed, kind+" "+key)
}

// sourceOf is the address of the connection itself, of IPv6 the network: a host has 2^64 of those addresses.
func sourceOf(remote string) string {
	port, err := netip.ParseAddrPort(remote)
	if err != nil {
		return "unknown"
	}
	address := port.Addr().Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}
