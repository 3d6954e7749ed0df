package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// passwords checks logins. One that was right once is known again by a keyed hash, one for each user, so that pulls are quick and
// bcrypt costs nobody anything whose login is right. It stays for as long as the file does: whoever keeps others from being checked would
// otherwise keep out those who were right a minute ago.
type passwords struct {
	users users
	// nobody is checked for users that there are none of.
	nobody user
	// slots bound how many processors bcrypt takes.
	slots chan struct{}
	key   [32]byte
	mu    sync.RWMutex
	marks map[string][]byte
}

func newPasswords(known users, atOnce int) (*passwords, error) {
	p := &passwords{users: known, slots: make(chan struct{}, atOnce), marks: map[string][]byte{}}
	var secret [32]byte
	_, _ = rand.Read(p.key[:]) // never fails, since Go 1.24
	_, _ = rand.Read(secret[:])
	for _, each := range known {
		p.nobody.cost = max(p.nobody.cost, each.cost)
	}
	var err error
	p.nobody.hash, err = bcrypt.GenerateFromPassword(secret[:], p.nobody.cost)
	return p, err
}

// proven says whether this very login was right before. It takes no time to speak of.
func (p *passwords) proven(who login) bool {
	p.mu.RLock()
	mark, there := p.marks[who.user]
	p.mu.RUnlock()
	return there && hmac.Equal(mark, p.mark(who))
}

// right checks a password. A wrong one costs the same for every name, known or not.
func (p *passwords) right(who login) bool {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	if p.proven(who) { // by another request, while this one waited
		return true
	}
	found, known := p.users[who.user]
	if !known {
		found = p.nobody
	}
	if bcrypt.CompareHashAndPassword(found.hash, []byte(who.password)) == nil && known {
		p.remember(who)
		return true
	}
	if found.cost < p.nobody.cost {
		_ = bcrypt.CompareHashAndPassword(p.nobody.hash, []byte(who.password))
	}
	return false
}

func (p *passwords) remember(who login) {
	mark := p.mark(who)
	p.mu.Lock()
	p.marks[who.user] = mark
	p.mu.Unlock()
}

// mark has the name's end in it: a name holds no colon.
func (p *passwords) mark(who login) []byte {
	sum := hmac.New(sha256.New, p.key[:])
	sum.Write([]byte(who.user + ":" + who.password))
	return sum.Sum(nil)
}
