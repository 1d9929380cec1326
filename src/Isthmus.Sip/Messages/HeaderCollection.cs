// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The header fields of a message in their order.</summary>
public readonly ref struct HeaderCollection
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<HeaderSlot> _slots;

    internal HeaderCollection(ReadOnlySpan<byte> bytes, ReadOnlySpan<HeaderSlot> slots)
    {
        _bytes = bytes;
        _slots = slots;
    }

    /// <summary>How many there are.</summary>
    public int Count => _slots.Length;

    /// <summary>The field at that place.</summary>
    public HeaderField this[int index] => new(_bytes, _slots[index]);

    /// <summary>Walks the fields.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>A walk over the fields.</summary>
    public ref struct Enumerator
    {
        private readonly HeaderCollection _headers;
        private int _at;

        internal Enumerator(HeaderCollection headers)
        {
            _headers = headers;
            _at = -1;
        }

        /// <summary>The field the walk stands at.</summary>
        public readonly HeaderField Current => _headers[_at];

        /// <summary>Goes to the next field; false after the last.</summary>
        public bool MoveNext() => ++_at < _headers.Count;
    }
}
