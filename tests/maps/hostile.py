"""Names that try to be more than names, for every exit of the map."""

from __future__ import annotations

HOSTILE_NAMES = {
    "script": "Kv </script><script>window.hacked=1</script>",
    "image": "Kv <img src=x onerror=window.hacked=1>",
    "vector": "Kv <svg/onload=window.hacked=1><style>*{display:none}</style>",
    "template": "Kv `${window.hacked=1}` ${window.hacked=1} {{7*7}} {% raw %}",
    "quotes": "Kv '\"><b onmouseover=window.hacked=1 autofocus onfocus='window.hacked=1'>",
    "breaking": "Kv '-(window.hacked=1)-' \\';window.hacked=1;// \u2028window.hacked=1",
    "entity": "Kv &lt;b&gt;&#60;img src=x&#62; &amp;",
    "address": "javascript:window.hacked=1",
    "comment": "Kv <!-- --!> ]]> <!--<script>",
    "turned": "Kv \u202enegatsretskr\u2066 \u05e9\u05dc\u05d5\u05dd",
    "hidden": "Kv\u200b \u200d\ufeffOsynlig\u00ad",
    "long": "Långa" * 60,
    "words": "Mycket långt namn " * 16 + "slut",
}
"""What it tries → the name; all at most 300 characters."""
