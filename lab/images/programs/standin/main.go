// Command standin takes the place of an image that cannot be had: it listens on TCP ports and answers HTTP with what a test
// wants to know about the task: its hostname, the port, its environment and which addresses the names of its peers have.
//
//	standin [PORT...]
//
// The ports are the arguments, else STANDIN_PORTS (separated by blanks or commas; "none" to listen nowhere), else 80 5432
// 6379. Arguments that are no ports are passed over: the image keeps the command line of what it stands in for.
// A request may ask ?resolve=db,redis&env=NAME&hash=/run/secrets/NAME (the file's SHA-256, never the file).
//
// As a job it does one thing and ends: STANDIN_ASK=URL asks a peer, STANDIN_EXIT=CODE fails with that code.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// report is the answer to every request.
type report struct {
	Hostname string              `json:"hostname"`
	Port     string              `json:"port"`
	Args     []string            `json:"args"`
	Env      map[string]string   `json:"env"`
	Peers    map[string][]string `json:"peers"`
	Hashes   map[string]string   `json:"hashes"`
}

func main() {
	if code, err := strconv.Atoi(os.Getenv("STANDIN_EXIT")); err == nil {
		log.Printf("told to end with %d", code)
		os.Exit(code)
	}
	if url := os.Getenv("STANDIN_ASK"); url != "" {
		if err := ask(url); err != nil {
			log.Fatal(err)
		}
		return
	}
	ports := chosenPorts(os.Args[1:], os.Getenv("STANDIN_PORTS"))
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	for _, port := range ports {
		listener, err := net.Listen("tcp", ":"+port)
		if err != nil {
			log.Fatal(err)
		}
		server := &http.Server{Handler: answer(port), ReadHeaderTimeout: 5 * time.Second}
		go func() { log.Print(server.Serve(listener)) }()
	}
	log.Printf("standing in on ports %v", ports)
	<-stop.Done()
}

// ask succeeds when the peer answers well.
func ask(url string) error {
	client := &http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	log.Printf("%s answers", url)
	return nil
}

func chosenPorts(args []string, variable string) []string {
	if ports := slices.DeleteFunc(slices.Clone(args), func(text string) bool { return !isPort(text) }); len(ports) > 0 {
		return ports
	}
	switch variable {
	case "none":
		return nil
	case "":
		return []string{"80", "5432", "6379"}
	}
	return list(variable)
}

func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

func answer(port string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		hostname, _ := os.Hostname()
		found := report{Hostname: hostname, Port: port, Args: os.Args[1:], Env: map[string]string{}, Peers: map[string][]string{}, Hashes: map[string]string{}}
		for _, name := range list(r.URL.Query().Get("env")) {
			found.Env[name] = os.Getenv(name)
		}
		for _, name := range list(r.URL.Query().Get("resolve")) {
			found.Peers[name] = resolve(r.Context(), name)
		}
		for _, path := range list(r.URL.Query().Get("hash")) {
			found.Hashes[path] = hashOf(path)
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(found); err != nil {
			log.Print(err)
		}
	}
}

// resolve is the addresses of a name in order; none when it is not known.
func resolve(ctx context.Context, name string) []string {
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return []string{}
	}
	slices.Sort(addresses)
	return addresses
}

// hashOf is empty where there is no such file.
func hashOf(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
