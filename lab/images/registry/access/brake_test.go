package access

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The clock of these tests is synctest's: it stands still while anything works, so that a check takes no time of it.

var slow = limits{first: 300 * time.Millisecond, longest: 600 * time.Millisecond, half: time.Minute, places: 2, admitted: 4, patience: 200 * time.Millisecond, all: 8}

func enterFrom(it *controller, address string, who login) (time.Duration, error) {
	begun := time.Now()
	err := it.enter(&http.Request{RemoteAddr: address}, it.users.now(), who)
	return time.Since(begun), err
}

var (
	goodLogin  = login{"puller", "pull-pw"}
	dearLogin  = login{"pusher", "push:pw ä"}
	wrongLogin = login{"puller", "wrong"}
)

func TestWrongLoginsWaitLongerEachTimeByAddressAndByName(t *testing.T) {
	b := newBrake(usual)
	var delays []string
	for range 6 {
		delays = append(delays, b.fail("from", "10.0.0.1").String())
	}
	if got := fmt.Sprint(delays); got != "[500ms 1s 2s 4s 4s 4s]" {
		t.Error(got)
	}
	if got := b.fail("from", "10.0.0.2"); got != usual.first {
		t.Errorf("another address waits %s", got)
	}
	if got := b.fail("user", "10.0.0.1"); got != usual.first {
		t.Errorf("a name is no address, and waits %s", got)
	}
}

func TestWrongLoginsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrake(usual)
		for range 1000 {
			b.fail("user", "a")
		}
		time.Sleep(6 * usual.half)
		if got := b.fail("user", "a"); got != usual.first {
			t.Errorf("waits %s", got)
		}
	})
}

func TestTheTimeOfAnAnswerSaysNothingOfTheName(t *testing.T) {
	for _, who := range []login{wrongLogin, {"pusher", "wrong"}, {"nobody", "wrong"}} {
		synctest.Test(t, func(t *testing.T) {
			if took, err := enterFrom(testController(t, slow), "10.0.0.1:1", who); err == nil || took != slow.first {
				t.Errorf("%s: %v after %s", who.user, err, took)
			}
		})
	}
}

func TestAnUnknownNameIsCheckedAgainstTheDearestHash(t *testing.T) {
	known := testController(t, slow).users.now()
	if known.nobody.cost != known.users["pusher"].cost {
		t.Errorf("cost %d", known.nobody.cost)
	}
	if known.right(login{"nobody", "wrong"}) || known.right(login{"", ""}) {
		t.Error("let in")
	}
}

func TestAGoodLoginPassesAtOnceWhileOthersOfItsAddressAndNameGuess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		it := testController(t, slow)
		if _, err := enterFrom(it, "10.0.0.9:1", goodLogin); err != nil {
			t.Fatal(err)
		}
		var end atomic.Bool
		var guessing sync.WaitGroup
		for i := range 50 {
			guessing.Go(func() {
				for !end.Load() {
					_, _ = enterFrom(it, fmt.Sprintf("10.0.0.1:%d", i), wrongLogin)
					time.Sleep(10 * time.Millisecond)
				}
			})
		}
		time.Sleep(100 * time.Millisecond)
		for range 20 {
			if took, err := enterFrom(it, "10.0.0.1:2", goodLogin); err != nil || took != 0 {
				t.Errorf("good login: %v after %s", err, took)
			}
		}
		// One that was never seen before comes from elsewhere.
		if took, err := enterFrom(it, "10.0.0.2:2", dearLogin); err != nil || took != 0 {
			t.Errorf("first login from another address: %v after %s", err, took)
		}
		end.Store(true)
		guessing.Wait()
	})
}

func TestGuessesSideBySideAreNoMoreThanThePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		it := testController(t, slow)
		var checked, busy atomic.Int32
		begun := time.Now()
		var guessing sync.WaitGroup
		for i := range 40 {
			guessing.Go(func() {
				for n := 0; time.Since(begun) < time.Second; n++ {
					if _, err := enterFrom(it, fmt.Sprintf("10.0.0.1:%d", i), login{"puller", fmt.Sprint(i, n)}); err == errBusy {
						busy.Add(1)
					} else {
						checked.Add(1)
					}
					time.Sleep(10 * time.Millisecond)
				}
			})
		}
		guessing.Wait()
		// Two places; 0.3 s for the first answer and 0.6 s for the others.
		if got := checked.Load(); got == 0 || got > 8 {
			t.Errorf("%d guesses were looked at", got)
		}
		if busy.Load() < 1000 {
			t.Errorf("only %d were sent away", busy.Load())
		}
	})
}

func TestManyFirstLoginsOfOneAddressAllPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		it := testController(t, usual)
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				if _, err := enterFrom(it, fmt.Sprintf("10.0.0.1:%d", i), dearLogin); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestTheBrakeIsEmptyAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		it := testController(t, quick)
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() { _, _ = enterFrom(it, fmt.Sprintf("10.0.%d.1:1", i%3), wrongLogin) })
		}
		all.Wait()
		left := len(it.brake.all)
		for i := range it.brake.sources {
			left += len(it.brake.sources[i].admitted) + len(it.brake.sources[i].places)
		}
		if left != 0 {
			t.Errorf("%d places are still held", left)
		}
	})
}

func TestWhereARequestComesFrom(t *testing.T) {
	for remote, expected := range map[string]string{
		"10.0.0.1:4711":             "10.0.0.1",
		"[::ffff:10.0.0.1]:4711":    "10.0.0.1",
		"[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1]:80": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:80":         "fe80::/64",
		"":                          "unknown",
		"@":                         "unknown",
		"registry.example:80":       "unknown",
	} {
		if got := sourceOf(remote); got != expected {
			t.Errorf("%q: %q", remote, got)
		}
	}
}
