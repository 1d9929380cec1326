// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>
/// What went between the nodes of a figure: arrows and remarks in the order in which they happened, and the media packets per direction and IP version.
/// Safe from several threads.
/// </summary>
public sealed class Ladder(TimeProvider time, ILadderObserver? observer = null)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<Arrow> _arrows = [];
    private readonly List<LadderNote> _notes = [];
    private readonly HashSet<(string From, string To, int Bytes)> _seen = [];
    private readonly HashSet<string> _inviteBranches = [];
    private readonly Dictionary<(string From, string To, IpVersion Version), long> _media = [];

    /// <summary>The arrows so far.</summary>
    public IReadOnlyList<Arrow> Arrows
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrows];
            }
        }
    }

    /// <summary>The remarks so far.</summary>
    public IReadOnlyList<LadderNote> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>RTP and RTCP packets so far, per direction and IP version.</summary>
    public IReadOnlyDictionary<(string From, string To, IpVersion Version), long> Media
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<(string From, string To, IpVersion Version), long>(_media);
            }
        }
    }

    /// <summary>The IP versions on which media went.</summary>
    public IpVersions MediaVersions => Media.Keys.Aggregate(IpVersions.None, (versions, key) => versions | key.Version.AsSet);

    /// <summary>Adds a remark.</summary>
    /// <param name="node">The node it belongs to.</param>
    /// <param name="text">What it says.</param>
    /// <param name="at">When, since the ladder began; now when null.</param>
    public void Note(string node, string text, TimeSpan? at = null)
    {
        lock (_lock)
        {
            var note = new LadderNote(at ?? time.GetElapsedTime(_start), node, text);
            _notes.Add(note);
            observer?.OnNote(note);
        }
    }

    /// <summary>Adds a message that was sent at that time, as captured packets tell it. What is not SIP is left out.</summary>
    public void Sent(TimeSpan at, string from, string to, IpVersion version, SipTransport transport, ReadOnlySpan<byte> bytes) =>
        Add(at, from, to, version, transport, bytes);

    internal void Sent(string from, string to, IpVersion version, SipTransport transport, ReadOnlySpan<byte> bytes) =>
        Add(null, from, to, version, transport, bytes);

    internal void MediaSent(string from, string to, IpVersion version)
    {
        lock (_lock)
        {
            _media[(from, to, version)] = _media.GetValueOrDefault((from, to, version)) + 1;
        }
    }

    private void Add(TimeSpan? at, string from, string to, IpVersion version, SipTransport transport, ReadOnlySpan<byte> bytes)
    {
        if (SipParser.Parse(bytes).Message is not { } message)
        {
            return; // a keep-alive, or not SIP at all
        }

        string branch = message.Vias.Count > 0 ? message.Vias[0].Branch ?? "" : "";
        var hash = new HashCode();
        hash.AddBytes(bytes);
        lock (_lock)
        {
            var request = message as SipRequest;
            var response = message as SipResponse;
            if (request?.Method == SipMethod.Invite)
            {
                _inviteBranches.Add(branch);
            }

            var arrow = new Arrow
            {
                At = at ?? time.GetElapsedTime(_start),
                From = from,
                To = to,
                Version = version,
                Transport = transport,
                Method = request?.Method ?? message.CSeq.Method,
                Status = response?.StatusCode,
                Reason = response?.ReasonPhrase ?? "",
                CallId = message.CallId,
                Sequence = message.CSeq.Number,
                Branch = branch,
                Session = SessionOf(message.Body),
                Matter = MatterOf(message),
                IsRepeat = !_seen.Add((from, to, hash.ToHashCode())),
                IsHopAck = request?.Method == SipMethod.Ack && _inviteBranches.Contains(branch),
            };
            _arrows.Add(arrow);
            observer?.OnArrow(arrow);
        }
    }

    // RFC 3261 §16.6, §16.7, §18.3, RFC 5393 §5.3.3: what proxies write or take away; and the start line with the Request-URI.
    private static string MatterOf(SipMessage message)
    {
        var matter = new StringBuilder();
        foreach (HeaderField field in message.Headers)
        {
            if (field.Name is not (HeaderName.Via or HeaderName.Route or HeaderName.RecordRoute or HeaderName.MaxForwards or HeaderName.MaxBreadth or HeaderName.ContentLength))
            {
                matter.Append(Encoding.Latin1.GetString(field.Line));
            }
        }

        return matter.Append("\r\n").Append(Encoding.Latin1.GetString(message.Body)).ToString();
    }

    private static string? SessionOf(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("c=IN IP"u8);
        return at >= 0 && at + 7 < body.Length ? "IP" + (char)body[at + 7] : null;
    }
}
