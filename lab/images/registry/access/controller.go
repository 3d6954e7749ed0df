// Package access is the registry's access controller "dockyard": basic logins from a file of users with a role for each, and a brake on
// wrong logins. Options: realm (text), path (the file, of lines "name:bcrypt:role").
package access

import (
	"fmt"
	"net/http"
	"runtime"

	"github.com/distribution/distribution/v3/registry/auth"
	"github.com/gorilla/mux"
	"github.com/sirupsen/logrus"
)

// Name is what the registry's configuration calls this controller.
const Name = "dockyard"

func init() {
	if err := auth.Register(Name, auth.InitFunc(fromOptions)); err != nil {
		panic(err)
	}
}

type controller struct {
	realm string
	users *usersFile
	brake *brake
}

// fromOptions refuses whatever it does not know: an option that is not read may be a right that is not taken away.
func fromOptions(options map[string]any) (auth.AccessController, error) {
	for key := range options {
		if key != "realm" && key != "path" {
			return nil, fmt.Errorf("%s: unknown option %q", Name, key)
		}
	}
	realm, _ := options["realm"].(string)
	path, _ := options["path"].(string)
	if realm == "" || path == "" {
		return nil, fmt.Errorf(`%s: "realm" and "path" must be set, to texts`, Name)
	}
	users, err := openUsers(path, max(1, runtime.NumCPU()/2))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Name, err)
	}
	return &controller{realm, users, newBrake(usual)}, nil
}

// Authorized answers a request with a grant, or with an error that asks for a login. It knows nobody without one.
func (c *controller) Authorized(request *http.Request, wanted ...auth.Access) (*auth.Grant, error) {
	who, err := loginOf(request.Header)
	if err != nil {
		return nil, challenge{c.realm, err}
	}
	known := c.users.now()
	if err := c.enter(request, known, who); err != nil {
		return nil, challenge{c.realm, err}
	}
	role := known.users[who.user].role
	if route := routeOf(request); !role.allows(route, request.Method, wanted) {
		logrus.Warnf("dockyard: user %q with role %q may not %q %s", who.user, role.name, request.Method, route)
		return nil, challenge{c.realm, auth.ErrAuthenticationFailure}
	}
	grant := &auth.Grant{User: auth.UserInfo{Name: who.user}}
	for _, access := range wanted {
		grant.Resources = append(grant.Resources, access.Resource)
	}
	return grant, nil
}

// enter lets a login that was right before pass at once, whatever others do. Any other one goes by way of the brake.
func (c *controller) enter(request *http.Request, known *passwords, who login) error {
	if known.proven(who) {
		return nil
	}
	place, err := c.brake.enter(request.RemoteAddr)
	if err != nil {
		return err
	}
	if known.right(who) {
		place.leave()
		return nil
	}
	delay := place.wrong(who.user)
	logrus.Warnf("dockyard: wrong login of %q from %s, answered after %s", who.user, request.RemoteAddr, delay)
	return auth.ErrAuthenticationFailure
}

// routeOf names the registry's route; empty where there is none, which no role may take.
func routeOf(request *http.Request) string {
	if route := mux.CurrentRoute(request); route != nil {
		return route.GetName()
	}
	return ""
}

// challenge is a refusal, which the registry answers with 401.
type challenge struct {
	realm string
	err   error
}

func (c challenge) Error() string { return c.err.Error() }

// SetHeaders also sets the status of one that was not looked at: the registry itself knows no refusal but 401, which comes too late then.
func (c challenge) SetHeaders(_ *http.Request, w http.ResponseWriter) {
	if c.err == errBusy {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", fmt.Sprint(int(usual.longest.Seconds())))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	w.Header().Set("WWW-Authenticate", fmt.Sprintf("Basic realm=%q", c.realm))
}
