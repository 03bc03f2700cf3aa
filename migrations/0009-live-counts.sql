-- Live discrepancies are counted by site and category from an index alone.

-- apply

CREATE INDEX live_lines_by_place ON live_lines (generation, state, site, category, value_size, item);
