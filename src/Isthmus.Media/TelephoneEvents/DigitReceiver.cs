// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Finds the digits in telephone-event packets: each once, at its first packet, whichever of its packets are lost or repeated.</summary>
internal sealed class DigitReceiver
{
    private uint _timestamp;
    private TelephoneEvent _last;
    private bool _any;

    /// <summary>The digit that this packet is the first news of, or null.</summary>
    public char? Received(uint timestamp, bool marker, TelephoneEvent telephoneEvent)
    {
        int age = (int)(timestamp - _timestamp);
        if (_any && age < 0)
            return null; // of a digit before the current one
        if (_any && age == 0)
        {
            if (telephoneEvent.Duration > _last.Duration || telephoneEvent.IsEnd)
                _last = telephoneEvent with { IsEnd = telephoneEvent.IsEnd || _last.IsEnd };
            return null;
        }

        // A tone too long for the duration field goes on under a new timestamp (RFC 4733 §2.5.1.3).
        bool continues = _any && !marker && !_last.IsEnd && telephoneEvent.Code == _last.Code && _last.Duration >= 0x8000 && age <= 0x10000;
        _any = true;
        _timestamp = timestamp;
        _last = telephoneEvent;
        return continues ? null : Dtmf.DigitOf(telephoneEvent.Code);
    }

    /// <summary>Another source: its timestamps have nothing to do with the old.</summary>
    public void Reset() => _any = false;
}
