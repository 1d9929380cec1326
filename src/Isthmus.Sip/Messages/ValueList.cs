// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A walk over the elements of every comma-separated field of one name, where they stand in the message; it makes nothing. Empty elements are left out.</summary>
public ref struct ValueList
{
    private readonly SipMessage _message;
    private readonly HeaderName _name;
    private ElementList _elements;
    private int _at;

    internal ValueList(SipMessage message, HeaderName name)
    {
        (_message, _name) = (message, name);
        _at = message.Memory.Find(name);
        _elements = _at >= 0 ? new(message.Memory.Value(_at)) : default;
    }

    /// <summary>The element the walk stands at, without white space around it; it may hold folds.</summary>
    public readonly ReadOnlySpan<byte> Current => _elements.Current;

    /// <summary>The walk itself.</summary>
    public readonly ValueList GetEnumerator() => this;

    /// <summary>Goes to the next element; false after the last.</summary>
    public bool MoveNext()
    {
        while (_at >= 0)
        {
            while (_elements.MoveNext())
            {
                if (!_elements.Current.IsEmpty)
                {
                    return true;
                }
            }

            _at = _message.Memory.FindNext(_name, _at);
            _elements = _at >= 0 ? new(_message.Memory.Value(_at)) : default;
        }

        return false;
    }
}
