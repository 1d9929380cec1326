// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Isthmus.Load;

/// <summary>The called phones: INVITE gets 180 and 200, which is repeated until its ACK comes; anything else 200; of a NOTIFY the caller hears.</summary>
internal sealed class CalledPhones : IWireReceiver
{
    private static readonly long FirstRepeat = Stopwatch.Frequency / 2;
    private static readonly long GivenUpAfter = 16 * Stopwatch.Frequency;
    private static readonly long ScanEvery = Stopwatch.Frequency / 10;

    private readonly IWire _wire;
    private readonly Dialog[] _dialogs;
    private readonly byte[] _ringingRest = "Content-Length: 0\r\n\r\n"u8.ToArray();
    private readonly byte[] _answerRest;
    private readonly byte[] _mark = Encoding.ASCII.GetBytes(">" + Requests.PresenceMark);
    private readonly byte[] _withContact = new byte[1024];
    private long _now;
    private long _scanAt;
    private long _repeated;
    private readonly HashSet<ulong> _missingAcks = [];
    private long _strays;

    /// <param name="wire">Theirs; not owned.</param>
    /// <param name="at">Where the phones are.</param>
    /// <param name="most">Calls in flight, at most.</param>
    public CalledPhones(IWire wire, Surroundings at, int most)
    {
        _wire = wire;
        _dialogs = [.. Enumerable.Range(0, most).Select(_ => new Dialog())];
        string session = Requests.SessionDescription(at).ReplaceLineEndings("\r\n");
        _answerRest = Encoding.ASCII.GetBytes($"Content-Type: application/sdp\r\nContent-Length: {session.Length}\r\n\r\n{session}");
    }

    /// <summary>Who hears of a NOTIFY with a state, by the number of its PUBLISH.</summary>
    public Action<ulong>? Noticed { get; set; }

    public void BeginRun()
    {
        _repeated = _strays = 0;
        _missingAcks.Clear();
    }

    public void EndRun(LoadResult result)
    {
        result.Repeated += _repeated;
        result.MissingAcks += _missingAcks.Count;
        result.Strays += _strays;
    }

    /// <summary>Answers what has arrived, and repeats what is due.</summary>
    /// <param name="now">A time of <see cref="Stopwatch"/>.</param>
    /// <returns>How many messages had arrived.</returns>
    public int Work(long now)
    {
        _now = now;
        int arrived = _wire.Receive(this);
        if (now >= _scanAt)
        {
            RepeatUnacknowledged();
            _scanAt = now + ScanEvery;
        }

        _wire.Flush();
        return arrived;
    }

    void IWireReceiver.OnMessage(IWire wire, ReadOnlySpan<byte> message, int channel)
    {
        if (message.Length < 16)
        {
            _strays++;
            return;
        }

        switch ((char)message[0], (char)message[1])
        {
            case ('I', 'N'):
                OnInvite(message, channel);
                break;
            case ('A', _):
                if (Find(message, out ulong acknowledged) is { } open && open.Call == acknowledged)
                {
                    open.IsUnacknowledged = false;
                }

                if (_missingAcks.Count > 0)
                {
                    _missingAcks.Remove(acknowledged); // the BYE has overtaken it, as any datagram may
                }

                break;
            case ('B', _):
                if (Find(message, out ulong ended) is { } dialog && dialog.Call == ended && dialog.IsUnacknowledged)
                {
                    dialog.IsUnacknowledged = false;
                    _missingAcks.Add(ended);
                }

                AnswerAtOnce(message, channel);
                break;
            case ('N', _):
                AnswerAtOnce(message, channel);
                Notice(message);
                break;
            case ('S', _):
                _strays++;
                break;
            default:
                AnswerAtOnce(message, channel);
                break;
        }
    }

    private void Notice(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> mark = _mark;
        int at = message.LastIndexOf(mark);
        if (at >= 0 && CallNumber.TryRead(message[(at + mark.Length)..], out ulong call))
        {
            Noticed?.Invoke(call);
        }
    }

    private void OnInvite(ReadOnlySpan<byte> message, int channel)
    {
        if (Find(message, out ulong call) is not { } dialog)
        {
            _strays++;
            return;
        }

        Span<byte> tag = stackalloc byte[CallNumber.Digits];
        ToTag(call, tag);
        if (dialog.Call == call)
        {
            return; // repeated by the server; the 200 is on its way, and comes again
        }

        int length = AnswerWriter.Write(_wire.Reserve(channel), message, "SIP/2.0 180 Ringing\r\n"u8, tag, withRoutes: true, WithContact(message, _ringingRest));
        _wire.Commit(length);

        Span<byte> place = _wire.Reserve(channel);
        length = AnswerWriter.Write(place, message, "SIP/2.0 200 OK\r\n"u8, tag, withRoutes: true, WithContact(message, _answerRest));
        dialog.Call = call;
        dialog.Channel = channel;
        dialog.Keep(place[..length]);
        dialog.RepeatAfter = FirstRepeat;
        dialog.RepeatAt = _now + FirstRepeat;
        _wire.Commit(length);
    }

    private void AnswerAtOnce(ReadOnlySpan<byte> message, int channel) =>
        _wire.Commit(AnswerWriter.Write(_wire.Reserve(channel), message, "SIP/2.0 200 OK\r\n"u8, "1000000000000000"u8, withRoutes: false, "Content-Length: 0\r\n\r\n"u8));

    // The Contact is the Request-URI that reached the phone: its own address.
    private ReadOnlySpan<byte> WithContact(ReadOnlySpan<byte> message, ReadOnlySpan<byte> rest)
    {
        int start = message.IndexOf((byte)' ') + 1;
        ReadOnlySpan<byte> uri = message[start..];
        uri = uri[..uri.IndexOf((byte)' ')];
        Span<byte> target = _withContact;
        "Contact: <"u8.CopyTo(target);
        uri.CopyTo(target[10..]);
        ">\r\n"u8.CopyTo(target[(10 + uri.Length)..]);
        rest.CopyTo(target[(13 + uri.Length)..]);
        return target[..(13 + uri.Length + rest.Length)];
    }

    private Dialog? Find(ReadOnlySpan<byte> message, out ulong call)
    {
        call = 0;
        var lines = new HeaderLines(message);
        while (lines.MoveNext())
        {
            if (lines.Is("call-id:"u8))
            {
                return CallNumber.TryRead(lines.Value, out call) && CallNumber.SlotOf(call) < _dialogs.Length ? _dialogs[CallNumber.SlotOf(call)] : null;
            }
        }

        return null;
    }

    private static void ToTag(ulong call, Span<byte> tag) => System.Buffers.Text.Utf8Formatter.TryFormat(call, tag, out _, new('x', CallNumber.Digits));

    private void RepeatUnacknowledged()
    {
        foreach (Dialog dialog in _dialogs)
        {
            if (dialog.IsUnacknowledged && _now >= dialog.RepeatAt)
            {
                dialog.Answer.CopyTo(_wire.Reserve(dialog.Channel));
                _wire.Commit(dialog.Answer.Length);
                _repeated++;
                dialog.RepeatAfter *= 2;
                dialog.IsUnacknowledged = dialog.RepeatAfter < GivenUpAfter;
                dialog.RepeatAt = _now + dialog.RepeatAfter;
            }
        }
    }

    /// <summary>The called side of a call, in the same place as the calling one.</summary>
    private sealed class Dialog
    {
        private byte[] _answer = [];
        private int _length;

        public ulong Call { get; set; } = ulong.MaxValue;

        public int Channel { get; set; }

        public bool IsUnacknowledged { get; set; }

        public long RepeatAt { get; set; }

        public long RepeatAfter { get; set; }

        public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _length);

        public void Keep(ReadOnlySpan<byte> answer)
        {
            if (_answer.Length < answer.Length)
            {
                _answer = new byte[Math.Max(answer.Length, 2048)];
            }

            answer.CopyTo(_answer);
            _length = answer.Length;
            IsUnacknowledged = true;
        }
    }
}
