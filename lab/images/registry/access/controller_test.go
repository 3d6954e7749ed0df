package access

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/distribution/distribution/v3/registry/api/v2"
	"github.com/distribution/distribution/v3/registry/auth"
	"github.com/gorilla/mux"
	"golang.org/x/crypto/bcrypt"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func hashOf(t *testing.T, password string, cost int) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// optionsWith has a file of users with this content.
func optionsWith(t *testing.T, file string) map[string]any {
	t.Helper()
	path := filepath.Join(t.TempDir(), "htpasswd")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"realm": "test", "path": path}
}

// testController has a user who pulls with a cheap hash and one who pushes with a dear one, and a quick brake.
func testController(t *testing.T, brakes limits) *controller {
	t.Helper()
	file := "puller:" + hashOf(t, "pull-pw", 4) + ":pull\npusher:" + hashOf(t, "push:pw ä", 6) + ":push\n"
	made, err := fromOptions(optionsWith(t, file))
	if err != nil {
		t.Fatal(err)
	}
	it := made.(*controller)
	it.brake = newBrake(brakes)
	return it
}

var quick = limits{first: time.Millisecond, longest: 2 * time.Millisecond, half: time.Minute, places: 4, admitted: 32, patience: time.Second, all: 512}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// ask sends a request through the registry's own routes, with what the registry asks for in each case.
func ask(t *testing.T, it *controller, method, path string, header http.Header, wanted ...auth.Access) (*auth.Grant, error) {
	t.Helper()
	request := httptest.NewRequest(method, "http://registry"+path, nil)
	request.Header = header
	var grant *auth.Grant
	err := auth.ErrAuthenticationFailure
	router := v2.Router()
	router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		route.HandlerFunc(func(_ http.ResponseWriter, routed *http.Request) { grant, err = it.Authorized(routed, wanted...) })
		return nil
	})
	router.ServeHTTP(httptest.NewRecorder(), request)
	return grant, err
}

func on(name string, actions ...string) []auth.Access {
	var wanted []auth.Access
	for _, action := range actions {
		kind := "repository"
		if name == "catalog" {
			kind = "registry"
		}
		wanted = append(wanted, auth.Access{Resource: auth.Resource{Type: kind, Name: name}, Action: action})
	}
	return wanted
}

func TestRoles(t *testing.T) {
	it := testController(t, quick)
	cases := []struct {
		method, path string
		wanted       []auth.Access
		pull, push   bool
	}{
		{"GET", "/v2/", nil, true, true},
		{"HEAD", "/v2/", nil, true, true},
		{"POST", "/v2/", nil, false, true},
		{"DELETE", "/v2/", nil, false, false},
		{"GET", "/v2/a/b/manifests/latest", on("a/b", "pull"), true, true},
		{"HEAD", "/v2/a/manifests/" + digest, on("a", "pull"), true, true},
		{"GET", "/v2/a/blobs/" + digest, on("a", "pull"), true, true},
		{"GET", "/v2/a/tags/list", on("a", "pull"), true, true},
		{"PUT", "/v2/a/manifests/latest", on("a", "pull", "push"), false, true},
		{"PUT", "/v2/a/manifests/latest", on("a", "pull"), false, true},
		{"DELETE", "/v2/a/manifests/" + digest, on("a", "delete"), false, false},
		{"DELETE", "/v2/a/manifests/" + digest, nil, false, false},
		{"DELETE", "/v2/a/blobs/" + digest, on("a", "delete"), false, false},
		{"POST", "/v2/a/blobs/uploads/", on("a", "pull", "push"), false, true},
		{"GET", "/v2/a/blobs/uploads/", on("a", "pull"), false, true},
		{"GET", "/v2/a/blobs/uploads/0f-1", on("a", "pull"), false, true},
		{"PATCH", "/v2/a/blobs/uploads/0f-1", on("a", "pull", "push"), false, true},
		{"PUT", "/v2/a/blobs/uploads/0f-1", on("a", "pull", "push"), false, true},
		{"DELETE", "/v2/a/blobs/uploads/0f-1", on("a", "delete"), false, false},
		{"GET", "/v2/_catalog", on("catalog", "*"), false, true},
		{"GET", "/v2/_catalog", on("catalog", "delete"), false, false},
		{"GET", "/v2/_catalog", nil, false, false},
		{"GET", "/v2/a/manifests/latest", nil, false, false},
		{"OPTIONS", "/v2/a/manifests/latest", nil, false, false},
		{"TRACE", "/v2/a/blobs/" + digest, nil, false, false},
		{"get", "/v2/a/manifests/latest", nil, false, false},
		{"GET", "/v2/a/manifests/latest", on("a", "*"), false, false},
		{"GET", "/v2/a/manifests/latest", on("a", "PULL"), false, false},
		{"GET", "/v2/a/manifests/latest", []auth.Access{{Resource: auth.Resource{Type: "plugin", Name: "a"}, Action: "pull"}}, false, false},
		{"GET", "/v2/a/manifests/latest", append(on("a", "pull"), on("b", "push")...), false, true},
		{"GET", "/v2/a/nothing/latest", on("a", "pull"), false, false},
	}
	for _, each := range cases {
		for user, expected := range map[string]bool{"puller:pull-pw": each.pull, "pusher:push:pw ä": each.push} {
			name, password, _ := strings.Cut(user, ":")
			grant, err := ask(t, it, each.method, each.path, http.Header{"Authorization": {basic(name, password)}}, each.wanted...)
			if (err == nil) != expected {
				t.Errorf("%s: %s %s %v: %v", name, each.method, each.path, each.wanted, err)
			}
			if err == nil && (grant.User.Name != name || len(grant.Resources) != len(each.wanted)) {
				t.Errorf("%s %s grants %+v", each.method, each.path, grant)
			}
		}
	}
}

func TestLoginsThatAreNone(t *testing.T) {
	it := testController(t, quick)
	good := basic("puller", "pull-pw")
	encoded := strings.TrimPrefix(good, "Basic ")
	cases := map[string][]string{
		"none":                      nil,
		"empty":                     {""},
		"two of them":               {good, good},
		"two, one of them empty":    {"", good},
		"another scheme":            {"Bearer " + encoded},
		"no scheme":                 {encoded},
		"a scheme alone":            {"Basic"},
		"digest":                    {`Digest username="puller"`},
		"two blanks":                {"Basic  " + encoded},
		"a tab":                     {"Basic\t" + encoded},
		"a blank at the end":        {good + " "},
		"not base64":                {"Basic ****"},
		"without padding":           {strings.TrimRight(basic("puller", "pull-pw1"), "=") + "A"},
		"padding too much":          {good + "="},
		"a line end within":         {good[:12] + "\n" + good[12:]},
		"two in one":                {good + "," + good},
		"base64 for addresses":      {"Basic " + base64.URLEncoding.EncodeToString([]byte("puller:\u00ff\u00fe?>"))},
		"no colon":                  {"Basic " + base64.StdEncoding.EncodeToString([]byte("puller"))},
		"no name":                   {basic("", "pull-pw")},
		"no password":               {basic("puller", "")},
		"NUL in the name":           {basic("puller\x00", "pull-pw")},
		"NUL after the password":    {basic("puller", "pull-pw\x00")},
		"a line end in the name":    {basic("puller\n", "pull-pw")},
		"a line end after password": {basic("puller", "pull-pw\n")},
		"an escape in the password": {basic("puller", "pull-pw\x1b[2J")},
		"DEL":                       {basic("puller", "pull-pw\x7f")},
		"C1":                        {basic("puller", "pull-pw\u0085")},
		"no UTF-8":                  {basic("puller", "pull-pw\xff")},
		"a blank before the name":   {basic(" puller", "pull-pw")},
		"another case":              {basic("Puller", "pull-pw")},
		"full-width letters":        {basic("ｐuller", "pull-pw")},
		"a path as a name":          {basic("../puller", "pull-pw")},
		"a name too long":           {basic(strings.Repeat("p", 129), "pull-pw")},
		"a password too long":       {basic("puller", strings.Repeat("p", 73))},
		"a header too long":         {basic("puller", strings.Repeat("p", 5000))},
		"an unknown name":           {basic("nobody", "pull-pw")},
		"a wrong password":          {basic("puller", "pull-pW")},
		"a longer password":         {basic("puller", "pull-pw ")},
		"a shorter password":        {basic("puller", "pull-p")},
		"another's password":        {basic("puller", "push:pw ä")},
		"the password composed":     {basic("pusher", "push:pw a\u0308")},
	}
	for name, values := range cases {
		if _, err := ask(t, it, "GET", "/v2/", http.Header{"Authorization": values}); err == nil {
			t.Errorf("%s: let in", name)
		}
	}
	for name, value := range map[string]string{"as it should be": good, "the scheme in small letters": "basic " + encoded} {
		if _, err := ask(t, it, "GET", "/v2/", http.Header{"Authorization": {value}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeadersThatSayWhoOneIsAreNotBelieved(t *testing.T) {
	it := testController(t, quick)
	for _, name := range []string{"X-Forwarded-User", "X-Remote-User", "Proxy-Authorization", "X-Authorization", "Cookie", "Forwarded"} {
		header := http.Header{name: {basic("pusher", "push:pw ä")}}
		if _, err := ask(t, it, "GET", "/v2/", header); err == nil {
			t.Errorf("%s: let in", name)
		}
	}
	for _, name := range []string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override"} {
		header := http.Header{"Authorization": {basic("puller", "pull-pw")}, name: {"GET"}}
		if _, err := ask(t, it, "DELETE", "/v2/a/manifests/"+digest, header, on("a", "delete")...); err == nil {
			t.Errorf("%s: let in", name)
		}
	}
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	hash := hashOf(t, "x", 4)
	cases := map[string]map[string]any{
		"no options":              {},
		"an unknown option":       func() map[string]any { o := optionsWith(t, "a:"+hash+":pull"); o["admin"] = "a"; return o }(),
		"no realm":                {"path": optionsWith(t, "a:"+hash+":pull")["path"]},
		"a path that is a number": {"realm": "r", "path": 7},
		"no file":                 {"realm": "r", "path": "/does/not/exist"},
		"a folder":                {"realm": "r", "path": "/"},
		"an unknown role":         optionsWith(t, "a:"+hash+":delete"),
		"a role in capitals":      optionsWith(t, "a:"+hash+":PULL"),
		"a role with a blank":     optionsWith(t, "a:"+hash+":pull "),
		"a role with a return":    optionsWith(t, "a:"+hash+":pull\r\n"),
		"two roles":               optionsWith(t, "a:"+hash+":pull:push"),
		"no role":                 optionsWith(t, "a:"+hash),
		"an empty role":           optionsWith(t, "a:"+hash+":"),
		"a user twice":            optionsWith(t, "a:"+hash+":pull\na:"+hash+":push"),
		"no name":                 optionsWith(t, ":"+hash+":pull"),
		"an empty line":           optionsWith(t, "a:"+hash+":pull\n\n"),
		"a comment":               optionsWith(t, "# users\na:"+hash+":pull"),
		"a password in clear":     optionsWith(t, "a:secret:pull"),
		"an MD5 hash":             optionsWith(t, "a:$apr1$x$y:pull"),
		"a hash that takes long":  optionsWith(t, "a:"+strings.Replace(hash, "$04$", "$31$", 1)+":pull"),
		"an empty file":           optionsWith(t, ""),
	}
	for name, options := range cases {
		if _, err := fromOptions(options); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), hash) {
			t.Errorf("%s: the message tells %v", name, err)
		}
	}
}

func TestAFileThatChangesIsReadAgainAndABrokenOneLeavesTheUsers(t *testing.T) {
	old, other := hashOf(t, "old", 4), hashOf(t, "new", 4)
	options := optionsWith(t, "a:"+old+":push\n")
	made, err := fromOptions(options)
	if err != nil {
		t.Fatal(err)
	}
	it := made.(*controller)
	it.brake = newBrake(quick)
	enters := func(user, password, method string) bool {
		_, err := ask(t, it, method, "/v2/", http.Header{"Authorization": {basic(user, password)}})
		return err == nil
	}
	// In place and by another file under the name; with a time of its own, as a clock may not have gone on.
	changes := 0
	write := func(content string, inPlace bool) {
		path := options["path"].(string)
		target := path
		if !inPlace {
			target += ".new"
		}
		changes++
		if err := errors.Join(os.WriteFile(target, []byte(content), 0o600), os.Chtimes(target, time.Time{}, time.Unix(int64(changes), 0)), os.Rename(target, path)); err != nil {
			t.Fatal(err)
		}
	}
	if !enters("a", "old", "POST") {
		t.Fatal("the first user is not let in")
	}
	for _, broken := range []string{"", "a:" + other + "\n", "a:" + other + ":pull\nb", "\x00"} {
		write(broken, true)
		if !enters("a", "old", "POST") || enters("a", "new", "GET") {
			t.Errorf("%q changed the users", broken)
		}
	}
	if err := os.Remove(options["path"].(string)); err != nil || !enters("a", "old", "POST") {
		t.Error("without a file nobody is let in")
	}
	write("a:"+other+":pull\nb:"+old+":push\n", false)
	if enters("a", "old", "GET") {
		t.Error("the former password is still good")
	}
	if !enters("a", "new", "GET") || enters("a", "new", "POST") || !enters("b", "old", "POST") {
		t.Error("the new users are not those of the file")
	}
	write("b:"+old+":push\n", true)
	if enters("a", "new", "GET") {
		t.Error("a user who was taken out is let in")
	}
}

func TestOneThatWasNotLookedAtIsToldToComeBack(t *testing.T) {
	answer := httptest.NewRecorder()
	challenge{"test", errBusy}.SetHeaders(nil, answer)
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "4" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
	answer = httptest.NewRecorder()
	challenge{"test", auth.ErrAuthenticationFailure}.SetHeaders(nil, answer)
	if got := answer.Header().Get("WWW-Authenticate"); got != `Basic realm="test"` {
		t.Error(got)
	}
}
