// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>What a sequence number says about its packet.</summary>
internal enum SequenceVerdict
{
    /// <summary>The source has not yet sent two packets in sequence; the packet is not counted.</summary>
    Probation,

    /// <summary>In order, or after a gap.</summary>
    Valid,

    /// <summary>Behind the highest number seen, and not seen before.</summary>
    Reordered,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Far from the stream: counted as nothing unless the next one follows it.</summary>
    Stray,

    /// <summary>The source began anew; so did what is reported on it.</summary>
    Restarted,
}

/// <summary>Sequence numbers of one source: validity, wrap-around, loss (RFC 3550 Appendix A.1 and A.3).</summary>
internal sealed class SequenceTracker
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const uint SequenceModulus = 1 << 16;
    private const uint NoBadSequence = SequenceModulus + 1;

    private readonly int _minSequential;
    private ushort _highest;
    private uint _cycles;
    private uint _base;
    private uint _bad;
    private int _probation;
    private long _expectedPrior;
    private long _receivedPrior;
    private long _duplicates;
    private long _duplicatesBefore;
    private long _missingBefore;
    private UInt128 _seen; // bit n: highest - n has come

    /// <param name="first">The sequence number of the packet that <see cref="Update"/> is given next.</param>
    /// <param name="minSequential">How many packets in sequence make a source valid: 2, or 1 where it was announced to us.</param>
    public SequenceTracker(ushort first, int minSequential = 2)
    {
        Begin(first);
        _highest = (ushort)(first - 1);
        _minSequential = minSequential;
        _probation = minSequential;
    }

    public bool IsValid => _probation == 0;

    /// <summary>Packets as they arrived, late and duplicate ones included (RFC 3550 §6.4.1).</summary>
    public long Received { get; private set; }

    /// <summary>Packets that came more than once, since the tracker was made.</summary>
    public long Duplicates => _duplicatesBefore + _duplicates;

    public uint ExtendedHighest => _cycles + _highest;

    public long Expected => IsValid ? ExtendedHighest - _base + 1L : 0;

    /// <summary>Packets that never came since the tracker was made: unlike in the RFC's number, duplicates do not make up for losses.</summary>
    public long Missing => _missingBefore + Math.Max(0, Expected - (Received - _duplicates));

    /// <summary>"Cumulative number of packets lost": expected less received, 24 bits signed; duplicates may make it negative.</summary>
    public int CumulativeLost => (int)Math.Clamp(Expected - Received, -0x800000, 0x7fffff);

    public SequenceVerdict Update(ushort sequence)
    {
        ushort delta = (ushort)(sequence - _highest);
        if (_probation > 0)
            return OnProbation(sequence, delta);

        SequenceVerdict verdict = SequenceVerdict.Valid;
        if (delta is > 0 and < MaxDropout)
        {
            if (sequence < _highest)
                _cycles += SequenceModulus;
            _highest = sequence;
            _seen = delta >= 128 ? UInt128.One : (_seen << delta) | UInt128.One;
        }
        else if (delta != 0 && delta <= SequenceModulus - MaxMisorder)
        {
            if (sequence != _bad)
            {
                _bad = (uint)(sequence + 1) & (SequenceModulus - 1);
                return SequenceVerdict.Stray;
            }

            (_missingBefore, _duplicatesBefore) = (Missing, Duplicates);
            Begin(sequence); // two packets in sequence: the other side restarted without telling
            verdict = SequenceVerdict.Restarted;
        }
        else
        {
            UInt128 bit = UInt128.One << (ushort)(_highest - sequence);
            verdict = (_seen & bit) != 0 ? SequenceVerdict.Duplicate : SequenceVerdict.Reordered;
            _seen |= bit;
            if (verdict == SequenceVerdict.Duplicate)
                _duplicates++;
        }

        Received++;
        return verdict;
    }

    /// <summary>The loss since the last call, in 1/256 (RFC 3550 A.3); 0 where duplicates outnumber losses.</summary>
    public byte TakeFractionLost()
    {
        long expected = Expected - _expectedPrior;
        long lost = expected - (Received - _receivedPrior);
        _expectedPrior = Expected;
        _receivedPrior = Received;
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
    }

    private SequenceVerdict OnProbation(ushort sequence, ushort delta)
    {
        if (delta != 1)
        {
            _probation = _minSequential - 1;
            _highest = sequence;
            return SequenceVerdict.Probation;
        }

        _highest = sequence;
        if (--_probation > 0)
            return SequenceVerdict.Probation;

        Begin(sequence);
        Received++;
        return SequenceVerdict.Valid;
    }

    private void Begin(ushort sequence)
    {
        _base = sequence;
        _highest = sequence;
        _bad = NoBadSequence;
        _cycles = 0;
        _seen = UInt128.One;
        Received = 0;
        _duplicates = 0;
        _expectedPrior = 0;
        _receivedPrior = 0;
    }
}
