// Verifies an archive, or a tenant's part of one, with the transparency-log packages of the Go project and nothing of ours:
// `go run -C test/oracles/archive . <folder> <verifier key> …`. Prints what it saw of each epoch; ends with 1 at the first thing
// that is wrong. The formats are in docs/archive.md.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type manifest struct {
	Origin  string
	Epoch   int64
	N       int64
	Records int64
	Slices  *struct {
		Count int64
		Root  string
	}
}

type slice struct {
	Records       int64
	Root          string
	ContentSHA256 string `json:"content_sha256"`
	Offset        int64
	Length        int64
}

// A tree of RFC 6962, as the package keeps it.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = t.hashes[index]
	}
	return found, nil
}

func (t *tree) add(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.size, leaf, t)
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return err
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: archive <folder> <verifier key> …")
		os.Exit(2)
	}
	if err := verify(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func verify(folder string, keys []string) error {
	var verifiers []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, verifier)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		return errors.New("no manifest here")
	}
	epochs := map[string][]string{}
	for _, file := range files {
		epoch, _, _ := strings.Cut(filepath.Base(file), "-")
		epochs[epoch] = append(epochs[epoch], strings.TrimSuffix(file, ".json"))
	}
	for epoch, segments := range epochs {
		sort.Strings(segments)
		if err := verifyEpoch(segments, note.VerifierList(verifiers...)); err != nil {
			return fmt.Errorf("epoch %s: %w", epoch, err)
		}
	}
	return nil
}

// Each checkpoint has to be signed and to be the tree over the manifests up to it; each manifest has to be in the last tree.
func verifyEpoch(segments []string, verifiers note.Verifiers) error {
	manifests := &tree{}
	var all [][]byte
	var head tlog.Hash
	var records int64
	for _, segment := range segments {
		text, err := os.ReadFile(segment + ".json")
		if err != nil {
			return err
		}
		if err := manifests.add(text); err != nil {
			return err
		}
		all = append(all, text)
		var own manifest
		if err := json.Unmarshal(text, &own); err != nil {
			return err
		}
		if head, err = checkpoint(segment, own, manifests, verifiers); err != nil {
			return fmt.Errorf("segment %d: %w", own.N, err)
		}
		count, err := content(segment, own)
		if err != nil {
			return fmt.Errorf("segment %d: %w", own.N, err)
		}
		records += count
	}
	for i, text := range all {
		proof, err := tlog.ProveRecord(manifests.size, int64(i), manifests)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, manifests.size, head, int64(i), tlog.RecordHash(text)); err != nil {
			return err
		}
		if tlog.CheckRecord(proof, manifests.size, head, int64(i), tlog.RecordHash([]byte("another"))) == nil {
			return errors.New("another manifest is proven as well")
		}
	}
	fmt.Printf("%d manifests and %d records, root %s\n", manifests.size, records, hex.EncodeToString(head[:]))
	return nil
}

func checkpoint(segment string, own manifest, manifests *tree, verifiers note.Verifiers) (tlog.Hash, error) {
	text, err := os.ReadFile(segment + ".note")
	if err != nil {
		return tlog.Hash{}, err
	}
	signed, err := note.Open(text, verifiers)
	if err != nil {
		return tlog.Hash{}, err
	}
	root, err := tlog.TreeHash(manifests.size, manifests)
	if err != nil {
		return tlog.Hash{}, err
	}
	if expected := fmt.Sprintf("%s/%d\n%d\n%s\n", own.Origin, own.Epoch, manifests.size, root); signed.Text != expected {
		return tlog.Hash{}, fmt.Errorf("the checkpoint says %q, and the tree is %q", signed.Text, expected)
	}
	return root, nil
}

// The slices of a segment, or a tenant's own one with its proof, and the records of each.
func content(segment string, own manifest) (int64, error) {
	if own.Slices == nil {
		return 0, nil
	}
	root, err := hashOf(own.Slices.Root)
	if err != nil {
		return 0, err
	}
	if text, err := os.ReadFile(segment + ".slice"); err == nil {
		return proven(segment, text, own.Slices.Count, root)
	}
	text, err := os.ReadFile(segment + ".slices")
	if errors.Is(err, os.ErrNotExist) {
		// A tenant that has nothing in it.
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return 0, err
	}
	stored, err := os.ReadFile(segment + ".jsonl.gz")
	if err != nil {
		return 0, err
	}
	slices := &tree{}
	var records int64
	for _, raw := range list {
		var one slice
		if err := json.Unmarshal(raw, &one); err != nil {
			return 0, err
		}
		if one.Offset+one.Length > int64(len(stored)) {
			return 0, errors.New("a slice ends behind the records")
		}
		if err := errors.Join(slices.add(raw), member(stored[one.Offset:one.Offset+one.Length], one)); err != nil {
			return 0, err
		}
		records += one.Records
	}
	found, err := tlog.TreeHash(slices.size, slices)
	if err != nil || found != root || records != own.Records {
		return 0, errors.New("the tree over its slices is another, or it has other records")
	}
	return records, nil
}

func proven(segment string, text []byte, count int64, root tlog.Hash) (int64, error) {
	var own struct {
		Place int64
		Path  []string
		Slice json.RawMessage
	}
	var one slice
	if err := json.Unmarshal(text, &own); err != nil {
		return 0, err
	}
	if err := json.Unmarshal(own.Slice, &one); err != nil {
		return 0, err
	}
	var proof tlog.RecordProof
	for _, part := range own.Path {
		hash, err := hashOf(part)
		if err != nil {
			return 0, err
		}
		proof = append(proof, hash)
	}
	if err := tlog.CheckRecord(proof, count, root, own.Place, tlog.RecordHash(own.Slice)); err != nil {
		return 0, err
	}
	stored, err := os.ReadFile(segment + ".records.gz")
	if err != nil {
		return 0, err
	}
	return one.Records, member(stored, one)
}

func member(stored []byte, one slice) error {
	reader, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		return err
	}
	rows, err := io.ReadAll(reader)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(rows); hex.EncodeToString(sum[:]) != one.ContentSHA256 {
		return errors.New("records have another hash than their slice says")
	}
	records := &tree{}
	for _, row := range bytes.Split(bytes.TrimSuffix(rows, []byte("\n")), []byte("\n")) {
		if err := records.add(row); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(records.size, records)
	if err != nil || records.size != one.Records || hex.EncodeToString(root[:]) != one.Root {
		return errors.New("the tree over its records is another than its slice says")
	}
	return nil
}

func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	found, err := hex.DecodeString(text)
	if err != nil || len(found) != len(hash) {
		return hash, fmt.Errorf("no hash: %q", text)
	}
	copy(hash[:], found)
	return hash, nil
}
